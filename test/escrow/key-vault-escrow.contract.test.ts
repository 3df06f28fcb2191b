import { randomUUID } from "node:crypto";
import { startKeyVault } from "../../emulator/key-vault/key-vault.ts";
import { openEscrowReader } from "../../providers/escrow/open-escrow-reader.ts";
import { escrowStoreContract } from "../contract/escrow-store.contract.ts";
import { openEscrow } from "../support/open-escrow.ts";
import { testClock } from "../support/test-clock.ts";
import { SUFFIXES } from "./escrow-folder-fixture.ts";

escrowStoreContract("the Key Vault escrow", async () => {
  const vault = await startKeyVault();
  const credential = async () => ({ getToken: async () => ({ token: "token", expiresOnTimestamp: Date.now() + 3_600_000 }) });
  const open = () =>
    openEscrow({
      location: vault.url,
      root: "/",
      isLoopbackGraph: true,
      vaultSuffixes: SUFFIXES,
      credential,
      clock: testClock(),
      uuid: randomUUID,
      caCertificate: vault.caCertificate,
    });
  return {
    open,
    reader: openEscrowReader({ root: "/", identityFile: null, vaultSuffixes: SUFFIXES, credential, caCertificate: vault.caCertificate }),
    keepsDeviceName: false,
    openDistorting: () => {
      vault.fail({ method: "GET", path: /^\/secrets\/[^/]+\/[^/]+$/, effect: { kind: "wrongValue" } });
      return open();
    },
    breakDown: async () => vault.fail({ times: 100, effect: { kind: "refuse", status: 403, code: "Forbidden" } }),
    plainBytes: async () =>
      JSON.stringify([[...vault.secrets.values()].flat().map((secret) => ({ ...secret, value: "" })), vault.requests]),
    remove: () => vault.close(),
  };
});

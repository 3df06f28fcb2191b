import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { KeyVault } from "../../emulator/key-vault/key-vault.ts";
import { EscrowError } from "../../providers/domain/errors.ts";
import type { EscrowStore } from "../../providers/domain/ports.ts";
import { FileEscrow } from "../../providers/escrow/file/file-escrow.ts";
import { KeyVaultEscrow } from "../../providers/escrow/key-vault/key-vault-escrow.ts";
import { MemoryEscrow } from "../support/fakes-escrow.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { testClock } from "../support/test-clock.ts";

/** Where the escrow fails, and at which entry, counted from 1 over all runs. */
export interface EscrowFault {
  readonly entry: number;
  readonly when: "beforeTheWrite" | "afterTheWrite" | "atTheReadBack" | "wrongReadBack" | "answerLostOnce";
}

/** An escrow of one row: each process opens it anew, and after the first `up` it is whole again. */
export interface BreakableEscrow {
  open(): EscrowStore;
  mend(): Promise<void>;
}

export function memoryEscrow(): BreakableEscrow {
  const escrow = new MemoryEscrow([]);
  return { open: () => escrow, mend: async () => undefined };
}

/** A real folder of age files. */
export async function fileEscrow(fault: EscrowFault): Promise<BreakableEscrow> {
  const root = await temporaryFolder();
  const folder = path.join(root, "escrow");
  let entries = 0;
  let isMended = false;
  const strikes = (when: EscrowFault["when"]) => !isMended && entries === fault.entry && fault.when === when;
  const readBack = async (file: string): Promise<Uint8Array> => {
    if (strikes("atTheReadBack")) throw Object.assign(new Error("i/o error"), { code: "EIO" });
    const bytes = await readFile(file);
    return strikes("wrongReadBack") ? bytes.fill(0, -1) : bytes;
  };
  return {
    open: () => {
      const store = new FileEscrow({
        location: { folder, text: "escrow" },
        root,
        isLoopbackGraph: true,
        uuid: randomUUID,
        readBack,
      });
      return {
        readBack: null,
        put: async (entry, secret) => {
          entries += 1;
          if (strikes("beforeTheWrite")) await putAway(folder);
          const put = await store.put(entry, secret);
          if (strikes("afterTheWrite")) throw new EscrowError("the escrow is gone", { hint: "run the command again" });
          return put;
        },
      };
    },
    mend: async () => {
      isMended = true;
      if (fault.when === "beforeTheWrite") await putBack(folder);
    },
  };
}

/** There is something in its place that takes no entry. */
async function putAway(folder: string): Promise<void> {
  await rename(folder, `${folder}-away`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  await writeFile(folder, "not a folder");
}

async function putBack(folder: string): Promise<void> {
  await rm(folder);
  await rename(`${folder}-away`, folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

/** What is read back; a look at whether reading is allowed at all names no version. */
const ONE_VERSION = /^\/secrets\/[^/]+\/[^/]+$/;

const VAULT_EFFECTS = {
  beforeTheWrite: { method: "PUT", effect: { kind: "refuse", status: 403, code: "Forbidden", innerCode: "AccessDenied" } },
  // The client tries four times.
  afterTheWrite: { method: "PUT", times: 4, effect: { kind: "loseAnswer" } },
  answerLostOnce: { method: "PUT", effect: { kind: "loseAnswer" } },
  atTheReadBack: {
    method: "GET",
    path: ONE_VERSION,
    effect: { kind: "refuse", status: 403, code: "Forbidden", innerCode: "AccessDenied" },
  },
  wrongReadBack: { method: "GET", path: ONE_VERSION, effect: { kind: "wrongValue" } },
} as const;

/** A Key Vault over https; its faults are used up by the entry that they strike. */
export function vaultEscrow(vault: KeyVault, fault: EscrowFault): BreakableEscrow {
  let entries = 0;
  const credential = async () => ({ getToken: async () => ({ token: "token", expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) });
  const options = {
    vaultUrl: vault.url,
    isLoopback: true,
    caCertificate: vault.caCertificate,
    retryDelayMs: 1,
    clock: testClock(),
    uuid: randomUUID,
  };
  return {
    open: () => {
      const store = new KeyVaultEscrow({ ...options, credential });
      return {
        readBack: store.readBack,
        put: async (entry, secret) => {
          entries += 1;
          if (entries === fault.entry) vault.fail(VAULT_EFFECTS[fault.when]);
          return store.put(entry, secret);
        },
      };
    },
    mend: async () => undefined,
  };
}

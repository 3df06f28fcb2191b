import { rm } from "node:fs/promises";
import { escrowStoreContract } from "../contract/escrow-store.contract.ts";
import { openPgpFolder } from "./openpgp-fixture.ts";

escrowStoreContract("a third store, of OpenPGP messages,", async () => {
  const place = await openPgpFolder();
  return {
    open: () => place.open(),
    reader: place.reader,
    keepsDeviceName: true,
    openDistorting: () => place.open({ readBack: async () => "-----BEGIN PGP MESSAGE-----\n\nbut not really" }),
    breakDown: () => rm(place.folder, { recursive: true }),
    plainBytes: place.plainBytes,
    remove: async () => undefined,
  };
});

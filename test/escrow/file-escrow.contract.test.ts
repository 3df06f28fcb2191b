import { rm } from "node:fs/promises";
import { escrowStoreContract } from "../contract/escrow-store.contract.ts";
import { escrowFolder } from "./escrow-folder-fixture.ts";

escrowStoreContract("the file escrow", async () => {
  const place = await escrowFolder();
  return {
    open: () => place.open(),
    reader: place.reader,
    keepsDeviceName: true,
    openDistorting: () => place.open({ readBack: async () => Buffer.from("age-encryption.org/v1 but not really") }),
    breakDown: () => rm(place.folder, { recursive: true }),
    plainBytes: place.plainBytes,
    remove: async () => undefined,
  };
});

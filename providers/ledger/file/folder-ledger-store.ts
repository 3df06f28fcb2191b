import type { LedgerStoreKind } from "../ledger-store.ts";
import { FileLedger } from "./file-ledger.ts";
import { parseFolder, SCHEME } from "./folder-ledger-location.ts";
import { ledgerPaths } from "./ledger-folder.ts";
import { awaitUnlocked } from "./ledger-lock.ts";

/** One file in a folder, which one process at a time writes. */
export const folderLedgerStore: LedgerStoreKind = {
  form: "file:FOLDER",
  claims: (text) => text.startsWith(SCHEME),
  shown: (location) => location,
  at: (text, { root }, supported) => {
    const location = parseFolder(text, root, supported);
    return {
      noun: "a folder",
      isOfOneMachine: true,
      open: (tools) => new FileLedger({ ...tools, location, root }),
      awaitFree: (waitMs, clock) => awaitUnlocked(ledgerPaths(location.folder).lock, { waitMs, clock }),
    };
  },
};

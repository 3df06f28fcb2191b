import { randomUUID } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jest } from "@jest/globals";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { FileLedger, type FileLedgerOptions } from "../../providers/ledger/file/file-ledger.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { testClock } from "../support/test-clock.ts";

/** Many files and processes, on a machine that does other things too. */
jest.setTimeout(60_000);

/** A project's folder with a file ledger in `ledger`, and a way to its bytes. */
export async function ledgerFolder() {
  const root = await temporaryFolder();
  const folder = join(root, "ledger");
  const file = join(folder, "ledger.jsonl");
  const open = (changes: Partial<FileLedgerOptions> = {}) =>
    new FileLedger({
      location: { folder, text: "file:ledger" },
      root,
      createWhenMissing: false,
      clock: testClock(),
      uuid: randomUUID,
      waitMs: 200,
      ...changes,
    });
  return {
    root,
    folder,
    file,
    open,
    /** Makes the ledger and appends, then gives it back. */
    write: async (records: readonly RequestRecord[]) => {
      const ledger = open();
      await ledger.create();
      for (const record of records) await ledger.append(record);
      await ledger.close();
    },
    /** The request records, as another process reads them. */
    records: async () => (await open().read()).records.filter((record): record is RequestRecord => "key" in record),
    bytes: () => readFile(file),
    setBytes: (bytes: Uint8Array | string) => writeFile(file, bytes),
    tornFiles: async () => (await readdir(folder)).filter((name) => name.includes(".torn-")).map((name) => join(folder, name)),
  };
}

export type LedgerFolder = Awaited<ReturnType<typeof ledgerFolder>>;

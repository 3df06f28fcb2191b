import { constants } from "node:fs";
import { open, readFile, rename, rm } from "node:fs/promises";
import { isWorldWritable, OPEN_SAFELY, writeNewFile } from "../../support/store-folder.ts";
import { systemCode } from "../../support/system-code.ts";
import { buildCheckpoint } from "../checkpoint/build-checkpoint.ts";
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from "../checkpoint/checkpoint.ts";
import type { LedgerPaths } from "./ledger-folder.ts";

/** A checkpoint that can be read, what is in its place, or nothing. */
export type FoundCheckpoint = Checkpoint | { readonly problem: string } | null;

/** Never throws: a ledger is read without it. */
export async function readCheckpoint(path: string): Promise<FoundCheckpoint> {
  try {
    const handle = await open(path, constants.O_RDONLY | OPEN_SAFELY);
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) return { problem: "it is not a regular file" };
      if (isWorldWritable(stats)) return { problem: "everybody may write to it" };
      return parseCheckpoint(await handle.readFile()) ?? { problem: "it is damaged, or of another version" };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = systemCode(error);
    return code === "ENOENT" ? null : { problem: code ?? "unknown error" };
  }
}

/**
 * Called under the ledger's lock only: there whole and durable, or as it was. Every line within
 * `length` bytes of the ledger is read and checked for it, and throws `LedgerError` as reading
 * does. A disk that does not
 * take it is no failure: the next run reads more.
 */
export async function writeCheckpoint(paths: LedgerPaths, length: number): Promise<void> {
  const ledger = await readFile(paths.records);
  const checkpoint = buildCheckpoint(ledger.subarray(0, length), paths.records);
  if (checkpoint === null) return;
  const draft = `${paths.index}.tmp`;
  try {
    await rm(draft, { force: true });
    await writeNewFile(draft, formatCheckpoint(checkpoint));
    await rename(draft, paths.index);
  } catch (error) {
    if (systemCode(error) === null) throw error;
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

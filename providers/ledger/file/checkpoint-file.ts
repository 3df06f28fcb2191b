import { constants } from "node:fs";
import { open, readFile, rename, rm } from "node:fs/promises";
import { LedgerError } from "../../domain/errors.ts";
import { isWorldWritable, OPEN_SAFELY, writeNewFile } from "../../support/store-folder.ts";
import { systemCode } from "../../support/system-code.ts";
import { buildCheckpoint } from "../build-checkpoint.ts";
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from "../checkpoint.ts";
import type { Inspected } from "../ledger-store.ts";
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

/** The ledger was cut or replaced, or is an older copy; the index is not its own. */
export const UNFIT = "the ledger does not begin as it says";

/**
 * Holds the index against the ledger in full: it is made anew, and compared byte by byte. Throws
 * `LedgerError` for one that runs would follow astray.
 */
export async function inspectCheckpoint(paths: LedgerPaths): Promise<Inspected["index"]> {
  const found = await readCheckpoint(paths.index);
  if (found === null || "problem" in found) return found;
  const ledger = await readFile(paths.records);
  const built = buildCheckpoint(ledger.subarray(0, found.bytes), paths.records);
  if (built?.sha256 !== found.sha256) return { problem: UNFIT };
  if (!formatCheckpoint(built).equals(formatCheckpoint(found))) throw forged(paths);
  return { lines: found.position.sequence };
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

function forged({ index, records }: LedgerPaths): LedgerError {
  return new LedgerError(`the index ${index} fits ${records} and leads to other records than it holds`, {
    hint: "remove the index, so that runs read every line; then find out what wrote it: none of this product's versions does",
  });
}

import { constants } from "node:fs";
import { lstat, open, readFile, rename, truncate } from "node:fs/promises";
import { LedgerError } from "../../domain/errors.ts";
import { OPEN_SAFELY, syncFolder, writeNewFile } from "../../support/store-folder.ts";
import { systemCode } from "../../support/system-code.ts";
import { FIRST_LINE } from "../brake-lines.ts";
import { createdRecord } from "../format-version.ts";
import type { AppendFile } from "../group-writer.ts";
import { ledgerFailure } from "../ledger-failure.ts";
import { CHAIN_START, formatLine } from "../ledger-line.ts";
import type { LedgerPaths } from "./ledger-folder.ts";

/**
 * Called under the ledger's lock only. The brake is there before the records are: records without a
 * brake were moved, and their brake was left behind. One that is there stays as it is.
 */
export async function createLedgerFiles(paths: LedgerPaths, at: string, unique: string): Promise<void> {
  if ((await lstatOrNull(paths.brake)) === null) await placeWhole(paths.brake, FIRST_LINE, paths.folder, unique);
  await placeWhole(paths.records, `${formatLine(CHAIN_START, JSON.stringify(createdRecord(at))).text}\n`, paths.folder, unique);
}

/** There whole and durable, or not at all. */
async function placeWhole(path: string, text: string, folder: string, unique: string): Promise<void> {
  const draft = `${path}.${unique}.tmp`;
  try {
    await writeNewFile(draft, Buffer.from(text));
    await rename(draft, path);
    await syncFolder(folder);
  } catch (error) {
    throw ledgerFailure(error, "make", path);
  }
}

/**
 * Called under the ledger's lock only: keeps what a crash left behind the last whole line in a file
 * beside the ledger, then cuts it off. Nothing of it was ever acted on: the append that wrote it
 * did not return. Gives the evidence's path.
 */
export async function cutTornTail(paths: LedgerPaths, goodBytes: number, unique: string): Promise<string> {
  const evidence = `${paths.records}.torn-${unique}`;
  try {
    await writeNewFile(evidence, (await readFile(paths.records)).subarray(goodBytes));
    await syncFolder(paths.folder);
    await truncate(paths.records, goodBytes);
    const handle = await open(paths.records, "r+");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    return evidence;
  } catch (error) {
    throw ledgerFailure(error, "repair the end of", paths.records);
  }
}

/**
 * Every write goes to the file's end, whoever else writes. Throws `LedgerError`, also for a
 * symbolic link.
 */
export async function openForAppend(path: string): Promise<AppendFile> {
  try {
    return await open(path, constants.O_WRONLY | constants.O_APPEND | OPEN_SAFELY);
  } catch (error) {
    throw ledgerFailure(error, "open", path);
  }
}

/**
 * Throws `LedgerError` when the open file is no longer the one at its path, or somebody else wrote
 * to it.
 */
export async function checkFileInPlace(path: string, file: AppendFile, expectedSize: number): Promise<void> {
  const [there, ours] = await Promise.all([lstatOrNull(path), file.stat()]);
  if (there === null || there.ino !== ours.ino || there.dev !== ours.dev) {
    const hint = "find out who moved it; put it back before the next run";
    throw new LedgerError(`${path} was moved or replaced while this process used it`, { hint });
  }
  if (there.size === expectedSize) return;
  throw new LedgerError(`${path} was changed by something else while this process held its lock`, {
    hint: "find out what wrote to it (`dlr ledger verify` reads it through) before the next run",
  });
}

async function lstatOrNull(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  }
}

import { constants, type Stats } from "node:fs";
import { open } from "node:fs/promises";
import { EscrowError } from "../domain/errors.ts";
import { isWorldWritable, OPEN_SAFELY, storeFolder } from "../support/store-folder.ts";
import { systemCode } from "../support/system-code.ts";
import { escrowFailure, escrowFailures } from "./escrow-failure.ts";

const FOLDER = storeFolder({ name: "the escrow folder", astray: "secrets", failures: escrowFailures });

/** Throw `EscrowError`. */
export const { check: checkFolder, make: makeFolder, lstatOrNull } = FOLDER;

/**
 * Throws `EscrowError` when everybody could add a recipient or say that one is confirmed, and so
 * read every secret that is put there later.
 */
export function refuseWorldWritable(stats: Stats, path: string, mode: string): void {
  if (!isWorldWritable(stats)) return;
  throw escrowFailures.say(`everybody may write to ${path}`, `chmod ${mode} ${path}, then look at what it holds`);
}

const MAX_BYTES = 1024 * 1024;

/**
 * The bytes of a regular file of at most 1 MiB, or of `most` bytes, that is no link and that not
 * everybody may write to; system errors pass unchanged.
 */
export async function readRegularFile(path: string, most = MAX_BYTES): Promise<Buffer> {
  const handle = await open(path, constants.O_RDONLY | OPEN_SAFELY);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new EscrowError(`${path} is not a regular file`, { hint: "move it away" });
    refuseWorldWritable(stats, path, "600");
    if (stats.size > most)
      throw new EscrowError(`${path} is larger than ${most / MAX_BYTES} MiB`, { hint: "it is not what its name says: move it away" });
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** The text of a regular file, or null where there is none. */
export async function readTextOrNull(path: string, most = MAX_BYTES): Promise<string | null> {
  try {
    return (await readRegularFile(path, most)).toString("utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw escrowFailure(error, "read", path);
  }
}

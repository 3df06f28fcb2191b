import { constants, type Stats } from "node:fs";
import { lstat, mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { ConfigurationError } from "../domain/errors.ts";
import { systemCode } from "./system-code.ts";

/** A file that others could have read or written: what it holds is not used. */
class NotPrivateError extends ConfigurationError {}

const LARGEST = 1024 * 1024;
const OTHERS = 0o077;

/**
 * The bytes of a file that is its user's alone, or null where there is none. Throws
 * `NotPrivateError` for a symbolic link, for another owner and for rights that others have, on the
 * file or on its folder; Windows has no such rights, there the profile's own apply.
 */
export async function readPrivateFile(file: string): Promise<Buffer | null> {
  try {
    await checkFolder(path.dirname(file));
    const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const facts = await handle.stat();
      if (!facts.isFile() || facts.size > LARGEST) throw new NotPrivateError(`${file} is not a file of ours`);
      checkRights(file, facts, "600");
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT") return null;
    if (code === "ELOOP") throw new NotPrivateError(`${file} is a symbolic link`);
    throw error;
  }
}

/** Whole or not at all, in place of what is there; the folder is made for the user alone. */
export async function writePrivateFile(file: string, content: string | Buffer, unique: string): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await checkFolder(folder);
  const draft = `${file}.${unique}.tmp`;
  try {
    const handle = await open(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0), 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** True when there was one. */
export async function removeFile(file: string): Promise<boolean> {
  try {
    await rm(file);
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}

async function checkFolder(folder: string): Promise<void> {
  const facts = await lstat(folder);
  if (!facts.isDirectory()) throw new NotPrivateError(`${folder} is not a folder, or is a symbolic link`);
  checkRights(folder, facts, "700");
}

function checkRights(file: string, facts: Stats, wanted: string): void {
  const user = process.getuid?.();
  if (user === undefined) return;
  if (facts.uid !== user) throw new NotPrivateError(`${file} belongs to another user`);
  if ((facts.mode & OTHERS) === 0) return;
  const hint = `chmod ${wanted} ${file}, and sign in again: somebody else may have read it`;
  throw new NotPrivateError(`other users have rights on ${file}`, { hint });
}

import { constants, type Stats } from "node:fs";
import { lstat, mkdir, open } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { EscrowError } from "../../domain/errors.ts";
import { escrowFailure, systemCode } from "../escrow-failure.ts";

/** Symbolic links are not followed, and a pipe does not hang us. Absent on Windows. */
const OPEN_SAFELY = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Throws `EscrowError` for a folder that others could swap or fill: a symbolic link anywhere between the project and it,
 * something else than a folder, or one that everybody may write to.
 */
export async function checkFolder(folder: string, root: string): Promise<"present" | "missing"> {
  for (const path of [...parentsWithin(root, folder), folder]) {
    const found = await lstatOrNull(path);
    if (found === null) return "missing";
    if (found.isSymbolicLink()) {
      const hint = "put a real folder in its place: a link could lead secrets astray";
      throw new EscrowError(`the escrow folder ${path} is a symbolic link`, { hint });
    }
    if (!found.isDirectory()) throw new EscrowError(`the escrow folder ${path} is not a folder`, { hint: "move that file away" });
    if (path === folder) refuseWorldWritable(found, path, "700");
  }
  return "present";
}

/** Throws `EscrowError` when everybody could add a recipient or say that one is confirmed, and so read every secret that is put there later. */
export function refuseWorldWritable(stats: Stats, path: string, mode: string): void {
  if (process.platform === "win32" || (stats.mode & 0o002) === 0) return;
  throw new EscrowError(`everybody may write to ${path}`, { hint: `chmod ${mode} ${path}, then look at what it holds` });
}

/** The folders between the project's folder and this one; none for a folder elsewhere, whose place the operator chose. */
function parentsWithin(root: string, folder: string): readonly string[] {
  const way = relative(root, folder);
  if (way === "" || isAbsolute(way) || way.split(sep)[0] === "..") return [];
  const parts = way.split(sep);
  return parts.slice(0, -1).map((_, index) => join(root, ...parts.slice(0, index + 1)));
}

export async function lstatOrNull(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw escrowFailure(error, "look at", path);
  }
}

/** Makes the folder, for this user alone, so that it survives a crash. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await syncFolder(dirname(folder));
  } catch (error) {
    throw escrowFailure(error, "make the escrow folder", folder);
  }
}

/** Makes the names in a folder durable. Windows neither needs nor allows it. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A new file for this user alone, its bytes durable; fails with EEXIST where there is one. */
export async function writeNewFile(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, "wx", 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const MAX_BYTES = 1024 * 1024;

/** The bytes of a regular file of at most 1 MiB that is no link and that not everybody may write to; system errors pass unchanged. */
export async function readRegularFile(path: string): Promise<Buffer> {
  const handle = await open(path, constants.O_RDONLY | OPEN_SAFELY);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new EscrowError(`${path} is not a regular file`, { hint: "move it away" });
    refuseWorldWritable(stats, path, "600");
    if (stats.size > MAX_BYTES)
      throw new EscrowError(`${path} is larger than 1 MiB`, { hint: "it is not what its name says: move it away" });
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** The text of a regular file, or null where there is none. */
export async function readTextOrNull(path: string): Promise<string | null> {
  try {
    return (await readRegularFile(path)).toString("utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw escrowFailure(error, "read", path);
  }
}

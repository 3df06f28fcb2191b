import { constants, type Stats } from "node:fs";
import { lstat, mkdir, open } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import type { FileFailures } from "./file-failure.ts";
import { systemCode } from "./system-code.ts";

/** Symbolic links are not followed, and a pipe does not hang us. Absent on Windows. */
export const OPEN_SAFELY = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** How a folder of ours is called in messages, and what they are thrown as. */
interface FolderWords {
  /** `the ledger's folder` */
  readonly name: string;
  /** What a link could lead astray: `the ledger`. */
  readonly astray: string;
  readonly failures: FileFailures;
}

/** The checks that every folder of ours gets, whose errors say which one it is. */
export interface StoreFolder {
  /**
   * Throws for a folder that others could swap or fill: a symbolic link anywhere between the
   * project and it, something else than a folder, or one that everybody may write to.
   */
  readonly check: (folder: string, root: string) => Promise<"present" | "missing">;
  /** Makes the folder, for this user alone, so that it survives a crash. */
  readonly make: (folder: string) => Promise<void>;
  readonly lstatOrNull: (path: string) => Promise<Stats | null>;
}

/**
 * Refuses folders that somebody else could swap or fill: links on the way, and folders that
 * everybody may write to.
 */
export function storeFolder({ name, astray, failures }: FolderWords): StoreFolder {
  const lstatOrNull = async (path: string) => {
    try {
      return await lstat(path);
    } catch (error) {
      if (systemCode(error) === "ENOENT") return null;
      throw failures.from(error, "look at", path);
    }
  };
  return {
    lstatOrNull,
    check: async (folder, root) => {
      for (const path of [...parentsWithin(root, folder), folder]) {
        const found = await lstatOrNull(path);
        if (found === null) return "missing";
        if (found.isSymbolicLink())
          throw failures.say(`${name} ${path} is a symbolic link`, `put a real folder in its place: a link could lead ${astray} astray`);
        if (!found.isDirectory()) throw failures.say(`${name} ${path} is not a folder`, "move that file away");
        if (path === folder && isWorldWritable(found))
          throw failures.say(`everybody may write to ${name} ${folder}`, `chmod 700 ${folder}, then look at what it holds`);
      }
      return "present";
    },
    make: async (folder) => {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await syncFolder(dirname(folder));
      } catch (error) {
        throw failures.from(error, `make ${name}`, folder);
      }
    },
  };
}

/** Windows has no such rights: there the folder's own apply. */
export function isWorldWritable(stats: Pick<Stats, "mode">): boolean {
  return process.platform !== "win32" && (stats.mode & 0o002) !== 0;
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

/**
 * The folders between the project's folder and this one; none for a folder elsewhere, whose place
 * the operator chose.
 */
function parentsWithin(root: string, folder: string): readonly string[] {
  const way = relative(root, folder);
  if (way === "" || isAbsolute(way) || way.split(sep)[0] === "..") return [];
  const parts = way.split(sep);
  return parts.slice(0, -1).map((_, index) => join(root, ...parts.slice(0, index + 1)));
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

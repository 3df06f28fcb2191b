import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { cacheFolder } from "../../providers/support/cache-folder.js";
import type { Environment, SetUpOptions } from "./options.ts";
import { runTool } from "./run-tool.ts";

const SCARCE_BYTES = 100e6;

/**
 * After a failed compile: which of the folders that Go writes to is nearly full; null when none is.
 * Asked afterwards, because how much a compile needs depends on what Go has in its caches already.
 */
export async function spaceNote(go: string, env: Environment, options: SetUpOptions): Promise<string | null> {
  for (const folder of await foldersOf(go, env, options)) {
    const free = await freeBytes(folder);
    if (free !== null && free < SCARCE_BYTES) return `only ${Math.floor(free / 1e6)} MB of disk space are left in ${folder}`;
  }
  return null;
}

async function foldersOf(go: string, env: Environment, options: SetUpOptions): Promise<readonly string[]> {
  const result = await runTool({ command: go, args: ["env", "GOCACHE", "GOMODCACHE"], cwd: options.root, env, limit: 10_000 });
  const goFolders = result.kind === "exited" ? result.stdout.split("\n").filter((line) => line.startsWith("/")) : [];
  return [cacheFolder(options.env), ...goFolders, tmpdir()];
}

async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

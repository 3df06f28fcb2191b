import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import path from "node:path";
import type { Environment } from "./options.ts";

/**
 * The first executable of that name. Relative entries of PATH are skipped: what runs must not
 * depend on the folder one stands in.
 */
export async function findOnPath(name: string, env: Environment): Promise<string | null> {
  const names = process.platform === "win32" ? [`${name}.exe`, `${name}.cmd`] : [name];
  const folders = pathVariable(env)
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder));
  for (const candidate of folders.flatMap((folder) => names.map((file) => path.join(folder, file)))) {
    if (await isExecutable(candidate)) return candidate;
  }
  return null;
}

/** Windows spells it Path. */
export function pathVariable(env: Environment): string {
  return env.PATH ?? env.Path ?? "";
}

/** False for a folder, and for a file that this user may not start. */
export async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

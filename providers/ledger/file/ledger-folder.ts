import type { Stats } from "node:fs";
import { lstat, mkdir, open } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { LedgerError } from "../../domain/errors.ts";
import { ledgerFailure, systemCode } from "../ledger-failure.ts";

/** The files of a ledger in its folder. */
export interface LedgerPaths {
  readonly folder: string;
  readonly records: string;
  readonly lock: string;
  readonly brake: string;
}

export function ledgerPaths(folder: string): LedgerPaths {
  return { folder, records: join(folder, "ledger.jsonl"), lock: join(folder, "ledger.lock"), brake: join(folder, "brake.jsonl") };
}

/**
 * Throws `LedgerError` for a folder that others could swap or fill: a symbolic link anywhere between the project and it,
 * something else than a folder, or one that everybody may write to, or whose ledger everybody may write to.
 */
export async function checkFolder(folder: string, root: string): Promise<"present" | "missing"> {
  for (const path of [...parentsWithin(root, folder), folder]) {
    const found = await lstatOrNull(path);
    if (found === null) return "missing";
    if (found.isSymbolicLink()) {
      const hint = "put a real folder in its place: a link could lead the ledger astray";
      throw new LedgerError(`the ledger's folder ${path} is a symbolic link`, { hint });
    }
    if (!found.isDirectory()) throw new LedgerError(`the ledger's folder ${path} is not a folder`, { hint: "move that file away" });
    if (path === folder && isWorldWritable(found)) {
      throw new LedgerError(`everybody may write to the ledger's folder ${folder}`, { hint: `chmod 700 ${folder}` });
    }
  }
  await refuseWorldWritable(ledgerPaths(folder).records);
  return "present";
}

async function refuseWorldWritable(records: string): Promise<void> {
  const found = await lstatOrNull(records);
  if (!found?.isFile() || !isWorldWritable(found)) return;
  const hint = `chmod 600 ${records}, then see what it says: npm run ledger -- show`;
  throw new LedgerError(`everybody may write to the ledger ${records}`, { hint });
}

/** Windows has no such rights: there the folder's own apply. */
export function isWorldWritable(stats: Pick<Stats, "mode">): boolean {
  return process.platform !== "win32" && (stats.mode & 0o002) !== 0;
}

/** The folders between the project's folder and this one; none for a folder elsewhere, whose place the operator chose. */
function parentsWithin(root: string, folder: string): readonly string[] {
  const way = relative(root, folder);
  if (way === "" || isAbsolute(way) || way.split(sep)[0] === "..") return [];
  const parts = way.split(sep);
  return parts.slice(0, -1).map((_, index) => join(root, ...parts.slice(0, index + 1)));
}

async function lstatOrNull(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw ledgerFailure(error, "look at", path);
  }
}

/** Makes the folder, for this user alone, so that it survives a crash. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await syncFolder(dirname(folder));
  } catch (error) {
    throw ledgerFailure(error, "make the ledger's folder", folder);
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

import { realpath, stat } from "node:fs/promises";
import path from "node:path";
import { isObject, parseJson } from "../../providers/domain/json.ts";
import { cacheFolder } from "../../providers/support/cache-folder.js";
import { readPrivateFile, writePrivateFile } from "../../providers/support/private-files.ts";
import type { Environment } from "./options.ts";

/**
 * Bytes of the smallest file that counts as the CLI itself, which has a hundred million. What a
 * version manager puts on PATH under its name is smaller, or is called otherwise behind its link,
 * and starts another version tomorrow.
 */
const SMALLEST = 20_000_000;

/** What a file was when it told its version: another version is another file. */
interface Known {
  readonly file: string;
  readonly bytes: number;
  readonly changed: number;
  readonly version: string;
}

/**
 * The version that this CLI told when it was started last, which saves a fifth of a second of each
 * command; null where it was never asked, or is another file since.
 */
export async function knownVersion(command: string, env: Environment): Promise<string | null> {
  const file = await identityOf(command);
  if (file === null) return null;
  const known = await readKnown(placeOf(env));
  return known.find((one) => isSame(one, file))?.version ?? null;
}

/** Keeps it for the next command. What cannot be written is asked again. */
export async function keepVersion(command: string, version: string, env: Environment): Promise<void> {
  const file = await identityOf(command);
  if (file === null) return;
  const place = placeOf(env);
  const others = (await readKnown(place)).filter((one) => one.file !== file.file);
  try {
    await writePrivateFile(place, JSON.stringify([...others, { ...file, version }]), String(process.pid));
  } catch {
    // The next command is slower, and that is all.
  }
}

function placeOf(env: Environment): string {
  return path.join(cacheFolder(env), "pulumi-versions.json");
}

async function identityOf(command: string): Promise<Omit<Known, "version"> | null> {
  try {
    const file = await realpath(command);
    const { size, mtimeMs, ctimeMs } = await stat(file);
    const isCli = /^pulumi(\.exe)?$/.test(path.basename(file)) && size >= SMALLEST;
    return isCli ? { file, bytes: size, changed: Math.max(mtimeMs, ctimeMs) } : null;
  } catch {
    // Asked itself, it tells what is wrong with it.
    return null;
  }
}

async function readKnown(place: string): Promise<readonly Known[]> {
  try {
    const list = parseJson((await readPrivateFile(place))?.toString("utf8") ?? "");
    return Array.isArray(list) ? list.filter(isKnown) : [];
  } catch {
    // Others could have written it, or it cannot be read: the CLI is asked.
    return [];
  }
}

function isKnown(item: unknown): item is Known {
  if (!isObject(item)) return false;
  const { file, bytes, changed, version } = item;
  return typeof file === "string" && typeof bytes === "number" && typeof changed === "number" && typeof version === "string";
}

function isSame(one: Known, other: Omit<Known, "version">): boolean {
  return one.file === other.file && one.bytes === other.bytes && one.changed === other.changed;
}

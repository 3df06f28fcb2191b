import { mkdirSync, statfsSync, statSync } from "node:fs";
import path from "node:path";
import envPaths from "env-paths";

/**
 * DEVICE_LIFECYCLE_CACHE, or the folder that the system keeps for caches of its users.
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {string}
 */
export function cacheFolder(env) {
  const chosen = env.DEVICE_LIFECYCLE_CACHE;
  return chosen === undefined || chosen === "" ? envPaths("device-lifecycle", { suffix: "" }).cache : path.resolve(chosen);
}

/** Bytes that have to be free: on a full disk Node leaves an empty file for each that it cannot write. */
const SPACE = 64 * 1024 * 1024;

/**
 * The folder in which Node keeps our code compiled, made where it is not there. Null where it cannot
 * be made, where the disk is nearly full, or where somebody else could write into it: Node runs what
 * it finds there.
 * @param {Readonly<Record<string, string | undefined>>} env
 * @param {(folder: string) => number} freeBytes
 * @returns {string | null}
 */
export function compiledFolder(env, freeBytes = freeBytesAt) {
  const folder = path.join(cacheFolder(env), "node-compile-cache");
  // Where HOME is empty, the system's folder lies wherever the command was started.
  if (!path.isAbsolute(folder)) return null;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    // Windows tells of no owner, and keeps what is below a person's folder for that person.
    const isOurs = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    return isOurs && freeBytes(folder) > SPACE ? folder : null;
  } catch {
    // A start without it is only slower.
    return null;
  }
}

function freeBytesAt(folder) {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

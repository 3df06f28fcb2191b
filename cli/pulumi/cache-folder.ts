import { mkdir } from "node:fs/promises";
import path from "node:path";
import envPaths from "env-paths";
import { systemCode } from "../../providers/support/system-code.ts";
import type { Environment } from "./options.ts";
import { SetUpError } from "./set-up-error.ts";
import { PULUMI_VERSION } from "./versions.ts";

/** DEVICE_LIFECYCLE_CACHE, or the folder that the system keeps for caches of its users. */
export function cacheFolder(env: Environment): string {
  const chosen = env.DEVICE_LIFECYCLE_CACHE;
  return chosen === undefined || chosen === "" ? envPaths("device-lifecycle", { suffix: "" }).cache : path.resolve(chosen);
}

/**
 * Named by system and processor too: a cache may be shared by machines, or kept by a CI service.
 */
export function installationName(): string {
  return `pulumi-${PULUMI_VERSION}-${process.platform}-${process.arch}`;
}

/**
 * Makes the cache folder, for its user alone: programs in it are started without a further look.
 */
export async function makeCacheFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

/**
 * Turns what the disk said into an error that names the folder; any other error is given back as it
 * is.
 */
export function cannotWrite(folder: string, error: unknown): unknown {
  const code = systemCode(error) ?? "";
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new SetUpError("machine", `no disk space is left for the Pulumi CLI in ${folder} (${code})`, {
      hint: "free about 1 GB there, or set DEVICE_LIFECYCLE_CACHE to a folder on another disk",
      cause: error,
    });
  }
  if (["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "ENOENT"].includes(code)) {
    return new SetUpError("machine", `the cache folder ${folder} cannot be written (${code})`, {
      hint: "make it writable for this user, or set DEVICE_LIFECYCLE_CACHE to a folder that is",
      cause: error,
    });
  }
  return error;
}

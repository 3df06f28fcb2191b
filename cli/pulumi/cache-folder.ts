import { mkdir } from "node:fs/promises";
import { systemCode } from "../../providers/support/system-code.ts";
import { SetUpError } from "./set-up-error.ts";
import { PULUMI_VERSION } from "./versions.ts";

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

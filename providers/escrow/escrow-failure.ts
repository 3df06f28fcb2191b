import { EscrowError, ProductError } from "../domain/errors.ts";
import { isObject } from "../domain/json.ts";

/** The system's code of a failed file operation (`ENOSPC`), or null for any other error. */
export function systemCode(error: unknown): string | null {
  return isObject(error) && typeof error.code === "string" ? error.code : null;
}

/** The error of a file operation as the user reads it: what failed, where, and what to do. Errors of ours pass unchanged. */
export function escrowFailure(error: unknown, doing: string, path: string): ProductError {
  if (error instanceof ProductError) return error;
  const code = systemCode(error);
  const known = code === null ? undefined : FAILURES[code];
  const [what, hint] = known ?? [code ?? "an unexpected error", "look at the folder, then run the command again"];
  return new EscrowError(`cannot ${doing} ${path}: ${what}`, { hint, cause: error });
}

const FULL = ["the disk is full", "free some space, then run the command again; nothing destructive follows a failed escrow"] as const;
const DENIED = ["this user may not", "give this user the folder with mode 0700, then run the command again"] as const;

const FAILURES: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EFBIG: FULL,
  EACCES: DENIED,
  EPERM: DENIED,
  EROFS: ["the file system is read-only", "mount it for writing, or choose another place with the configuration key `escrow`"],
  ELOOP: ["it is a symbolic link", "put a real file or folder in its place: a link could lead secrets astray"],
  EISDIR: ["it is a folder", "name a file"],
  ENOTDIR: ["there is a file in place of a folder", "move that file away"],
  ENOENT: ["it does not exist", "check the name"],
  EEXIST: ["it exists already", "choose another name: nothing is overwritten"],
  EIO: ["the disk reports an error", "check the disk before the next run"],
};

import { EscrowError } from "../domain/errors.ts";
import { fileFailures } from "../support/file-failure.ts";

const FULL = ["the disk is full", "free some space, then run the command again; nothing destructive follows a failed escrow"] as const;
const NO_ACCESS = ["this user may not", "give this user the folder with mode 0700, then run the command again"] as const;

/** What the system says of the files of an escrow folder, and what each means to the user. */
export const escrowFailures = fileFailures(EscrowError, {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EFBIG: FULL,
  EACCES: NO_ACCESS,
  EPERM: NO_ACCESS,
  EROFS: ["the file system is read-only", "mount it for writing, or choose another place with the configuration key `escrow`"],
  ELOOP: ["it is a symbolic link", "put a real file or folder in its place: a link could lead secrets astray"],
  EISDIR: ["it is a folder", "name a file"],
  ENOTDIR: ["there is a file in place of a folder", "move that file away"],
  ENOENT: ["it does not exist", "check the name"],
  EEXIST: ["it exists already", "choose another name: nothing is overwritten"],
  EIO: ["the disk reports an error", "check the disk before the next run"],
});

/** The error of a file operation as the user reads it. */
export const escrowFailure = escrowFailures.from;

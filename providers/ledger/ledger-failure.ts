import { LedgerError } from "../domain/errors.ts";
import { fileFailures } from "../support/file-failure.ts";

const FULL = ["the disk is full", "free some space; nothing was sent for what could not be recorded; then run the command again"] as const;
const NO_ACCESS = ["it cannot be written by this user", "give this user the folder with mode 0700, then run the command again"] as const;

/** What the system says of the files of a ledger, and what each means to the user. */
export const ledgerFailures = fileFailures(LedgerError, {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EFBIG: FULL,
  EACCES: NO_ACCESS,
  EPERM: NO_ACCESS,
  EROFS: ["the file system is read-only", "mount it for writing, or choose another folder with the configuration key `ledger`"],
  ELOOP: ["it is a symbolic link", "put a real file or folder in its place: a link could lead the ledger astray"],
  EISDIR: ["there is a folder in place of the file", "move the folder away; restore the ledger from a backup if it was replaced"],
  ENOTDIR: ["there is a file in place of a folder", "move that file away, or choose another folder with the configuration key `ledger`"],
  ENOENT: ["it does not exist", "restore it from a backup, or make a new one with `dlr ledger init STACK`"],
  ENXIO: ["it is not a regular file", "put a real file in its place: restore the ledger from a backup"],
  EEXIST: ["something else is there already", "move it away, then run the command again"],
  ENOLCK: ["the file system has no locks", "choose a local folder with the configuration key `ledger`"],
  EIO: ["the disk reports an error", "check the disk; restore the ledger from a backup on a sound one"],
});

/** The error of a file operation as the user reads it. */
export const ledgerFailure = ledgerFailures.from;

import { closeSync, constants, existsSync, fstatSync, ftruncateSync, lstatSync, openSync, readFileSync, writeSync } from "node:fs";
import { LedgerBusyError, LedgerError } from "../../domain/errors.ts";
import { isObject } from "../../domain/json.ts";
import type { Clock } from "../../domain/ports.ts";
import { everyUntil, poll } from "../../support/retry.ts";
import { systemCode } from "../../support/system-code.ts";
import { ledgerFailure } from "../ledger-failure.ts";

/**
 * A lock of the kernel's on an open file: it ends with `release` or with the process, however that
 * dies.
 */
export interface LedgerLock {
  /**
   * False when the lock file was removed or replaced, so that another process could hold another
   * one.
   */
  isInPlace(): boolean;
  release(): void;
}

const POLL_MS = 100;

/** Throws `LedgerBusyError`, naming the holder, when the lock is not free within `waitMs`. */
export async function acquireLock(path: string, options: { readonly waitMs: number; readonly clock: Clock }): Promise<LedgerLock> {
  const native = await loadNative();
  const { waitMs, clock } = options;
  const lock = await poll(() => tryToLock(native, path, clock), { pauses: everyUntil(POLL_MS, waitMs), clock });
  if (lock === null) throw busy(path);
  return lock;
}

/**
 * Returns when nobody holds the lock, without making one. Throws `LedgerBusyError` as `acquireLock`
 * does.
 */
export async function awaitUnlocked(path: string, options: { readonly waitMs: number; readonly clock: Clock }): Promise<void> {
  if (existsSync(path)) (await acquireLock(path, options)).release();
}

type Native = typeof import("fs-native-extensions");

/**
 * Loaded when it is needed: previews never lock, and systems without this library shall still have
 * previews.
 */
async function loadNative(): Promise<Native> {
  try {
    return await import("fs-native-extensions");
  } catch (error) {
    const hint = `file ledgers work on Linux with glibc, macOS and Windows, on x64 and arm64; this is ${process.platform} ${process.arch}`;
    throw new LedgerError("this system has no file locks that we know how to take", { hint, cause: error });
  }
}

function tryToLock(native: Native, path: string, clock: Clock): LedgerLock | null {
  let fd: number | null = null;
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600);
    if (!native.tryLock(fd) || !isInPlace(path, fd)) {
      closeSync(fd);
      return null;
    }
    signIn(fd, clock);
    return heldLock(native, path, fd);
  } catch (error) {
    if (fd !== null) closeSync(fd);
    throw ledgerFailure(error, "lock", path);
  }
}

function heldLock(native: Native, path: string, fd: number): LedgerLock {
  let held = true;
  return {
    isInPlace: () => held && isInPlace(path, fd),
    release: () => {
      if (!held) return;
      held = false;
      native.unlock(fd);
      closeSync(fd);
    },
  };
}

function isInPlace(path: string, fd: number): boolean {
  try {
    const [there, ours] = [lstatSync(path), fstatSync(fd)];
    return there.ino === ours.ino && there.dev === ours.dev;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}

/** Leaves word for whoever finds the ledger busy. */
function signIn(fd: number, clock: Clock): void {
  ftruncateSync(fd, 0);
  writeSync(fd, `${JSON.stringify({ pid: process.pid, since: new Date(clock.now()).toISOString() })}\n`, 0);
}

function busy(path: string): LedgerBusyError {
  const hint = "wait until that run has ended, then run the command again; if it hangs, end that process: the lock goes with it";
  return new LedgerBusyError(`the ledger is in use by ${holderOf(path)} (lock file ${path})`, { hint });
}

/**
 * In words. Windows lets nobody read a locked file, and the holder may just have begun to write.
 */
function holderOf(path: string): string {
  try {
    const holder: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (isObject(holder) && typeof holder.pid === "number") return `process ${holder.pid}, since ${String(holder.since)}`;
  } catch {
    // Who holds it is a help to the reader, not a condition.
  }
  return "another process";
}

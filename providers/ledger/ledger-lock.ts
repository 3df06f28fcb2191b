import { closeSync, constants, fstatSync, ftruncateSync, lstatSync, openSync, readFileSync, writeSync } from "node:fs";
import { tryLock, unlock } from "fs-native-extensions";
import { LedgerBusyError } from "../domain/errors.ts";
import { isObject } from "../domain/json.ts";
import type { Clock } from "../domain/ports.ts";
import { ledgerFailure, systemCode } from "./ledger-failure.ts";

/** A lock of the kernel's on an open file: it ends with `release` or with the process, however that dies. */
export interface LedgerLock {
  /** False when the lock file was removed or replaced, so that another process could hold another one. */
  isInPlace(): boolean;
  release(): void;
}

const POLL_MS = 100;

/** Throws `LedgerBusyError`, naming the holder, when the lock is not free within `waitMs`. */
export async function acquireLock(path: string, options: { readonly waitMs: number; readonly clock: Clock }): Promise<LedgerLock> {
  for (let waited = 0; ; waited += POLL_MS) {
    const lock = tryToLock(path, options.clock);
    if (lock !== null) return lock;
    if (waited >= options.waitMs) throw busy(path);
    await options.clock.sleep(POLL_MS);
  }
}

function tryToLock(path: string, clock: Clock): LedgerLock | null {
  let fd: number | null = null;
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600);
    if (!tryLock(fd) || !isInPlace(path, fd)) {
      closeSync(fd);
      return null;
    }
    signIn(fd, clock);
    return heldLock(path, fd);
  } catch (error) {
    if (fd !== null) closeSync(fd);
    throw ledgerFailure(error, "lock", path);
  }
}

function heldLock(path: string, fd: number): LedgerLock {
  let held = true;
  return {
    isInPlace: () => held && isInPlace(path, fd),
    release: () => {
      if (!held) return;
      held = false;
      unlock(fd);
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

/** In words. Windows lets nobody read a locked file, and the holder may just have begun to write. */
function holderOf(path: string): string {
  try {
    const holder: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (isObject(holder) && typeof holder.pid === "number") return `process ${holder.pid}, since ${String(holder.since)}`;
  } catch {
    // Who holds it is a help to the reader, not a condition.
  }
  return "another process";
}

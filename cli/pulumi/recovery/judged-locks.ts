import { hostname } from "node:os";
import { findProcess } from "./find-process.ts";
import { judgeLock, type LockVerdict } from "./judge-lock.ts";
import { type RunLock, readRunLocks } from "./run-lock.ts";
import type { StackPlace } from "./state-folder.ts";

/** A lock, and whether its run is dead. */
export interface JudgedLock {
  readonly lock: RunLock;
  readonly verdict: LockVerdict;
}

/** The locks of a stack, as they are judged from this machine. */
export async function judgedLocks(stateFolder: string, place: StackPlace): Promise<readonly JudgedLock[]> {
  return (await readRunLocks(stateFolder, place)).map((lock) => ({ lock, verdict: judge(lock) }));
}

/** Those whose run may be alive. */
export function heldLocks(locks: readonly JudgedLock[]): readonly JudgedLock[] {
  return locks.filter(({ verdict }) => verdict !== "dead");
}

function judge({ holder }: RunLock): LockVerdict {
  const here = hostname();
  return judgeLock(holder, here, holder?.host === here ? findProcess(holder.pid) : null);
}

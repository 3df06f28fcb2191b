import { printable } from "../../../providers/domain/diagnostic.ts";
import { pulumiCommand } from "../../../providers/support/dlr-command.ts";
import type { JudgedLock } from "./judged-locks.ts";
import type { Holder, RunLock } from "./run-lock.ts";

/** The run that a lock names: `process 4711 of anna on build-7, since 2026-11-22 10:17:06 UTC`. */
export function describeRun({ pid, user, host, since }: Holder): string {
  const time = new Date(since);
  const when = Number.isNaN(time.getTime()) ? since : `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;
  return printable(`process ${pid} of ${user} on ${host}, since ${when}`);
}

/** Says which run died: without its holder, the lock's file. */
export function deadLine(stack: string, { holder, file }: RunLock): string {
  const run = holder === null ? file : describeRun(holder);
  return printable(`up: the last run of ${stack} died before its end: ${run}`);
}

/** Why a lock is left where it is. */
export function heldLine({ lock: { holder, file }, verdict }: JudgedLock): string {
  if (holder === null) return printable(`up: the lock ${file} does not say whose it is; nothing is cleared`);
  const run = describeRun(holder);
  return verdict === "alive"
    ? `up: a run is under way: ${run}; wait for its end. Nothing is cleared`
    : `up: the stack is locked from another machine: ${run}. Whether that run lives cannot be told from here; nothing is cleared`;
}

/** The way out for a lock of another machine, which only a person can judge. */
export function cancelHint(stack: string): string {
  return printable(
    `  help: once that run is over for certain (its job has ended, its machine is gone): ${pulumiCommand(["cancel"], stack)}, then run this again. The ledger keeps what it sent from being sent twice`,
  );
}

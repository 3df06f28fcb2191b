import type { Holder } from "./run-lock.ts";

/** What is known here of the process that a lock names. */
export type ProcessState =
  | { readonly kind: "gone" }
  | { readonly kind: "running" /** Null where the system does not say. */; readonly name: string | null };

/** Only the lock of a `dead` run is ever cleared. */
export type LockVerdict = "dead" | "alive" | "elsewhere" | "unreadable";

/**
 * Whether the run that left a lock is dead for certain. Whatever cannot be told counts as alive:
 * another machine's process, and one whose name the system hides. A process of another name got the
 * number after the run's death.
 */
export function judgeLock(holder: Holder | null, host: string, process: ProcessState | null): LockVerdict {
  if (holder === null || process === null) return holder === null ? "unreadable" : "elsewhere";
  if (holder.host !== host) return "elsewhere";
  if (process.kind === "gone") return "dead";
  return process.name === null || /^pulumi(\.exe)?$/i.test(process.name) ? "alive" : "dead";
}

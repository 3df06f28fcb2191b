import { appendFileSync } from "node:fs";
import { isObject, parseJson } from "../domain/json.ts";
import type { WaitedFor } from "../engine/job.ts";

/** Names the file in which the processes of a run say how far they are. */
export const PROGRESS_FILE = "DEVICE_LIFECYCLE_PROGRESS_FILE";

/** One line of the file, as JSON. Times are milliseconds since the epoch. */
export type ProgressNote =
  /** Requests of the run that have not ended yet. */
  | { readonly kind: "open"; readonly requests: number }
  /** A request waits; the run follows what is pending until then. */
  | { readonly kind: "waits"; readonly name: string; readonly for: WaitedFor; readonly until: number }
  /** For people: why nothing goes on, or what takes long. */
  | { readonly kind: "says"; readonly text: string; readonly at: number };

/**
 * For `dlr up` and `dlr preview`, which started Pulumi and show it; says nothing to anybody else. A
 * file that cannot be written changes nothing about the run.
 */
export function tellProgress(note: ProgressNote, environment: NodeJS.ProcessEnv = process.env): void {
  const file = environment[PROGRESS_FILE];
  if (file === undefined || file === "") return;
  try {
    appendFileSync(file, `${JSON.stringify(note)}\n`);
  } catch {
    // How far a run is matters to nobody but who looks at it now.
  }
}

/** A line of the file; null for one that no `tellProgress` of this version wrote. */
export function parseProgress(line: string): ProgressNote | null {
  const note = parseJson(line);
  if (!isObject(note)) return null;
  const { kind, requests, name, text, at, until, for: waitedFor } = note;
  if (kind === "open" && typeof requests === "number") return { kind, requests };
  if (kind === "says" && typeof text === "string" && typeof at === "number") return { kind, text, at };
  if (kind !== "waits" || typeof name !== "string" || typeof until !== "number") return null;
  const known = WAITED_FOR.find((one) => one === waitedFor);
  return known === undefined ? null : { kind, name, for: known, until };
}

const WAITED_FOR = ["report", "gone", "doubt"] as const satisfies readonly WaitedFor[];

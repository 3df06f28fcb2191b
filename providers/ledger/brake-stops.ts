import type { BrakeRecord } from "../domain/ledger-record.ts";
import { dlrCommand } from "../support/dlr-command.ts";
import { type BrakeLine, formatBrake, parseLines } from "./brake-lines.ts";

/** One reason why nothing is sent. The brake is set while there is one. */
export type Stop =
  | { readonly kind: "set"; readonly id: string; readonly who: string; readonly reason: string; readonly at: string }
  /**
   * What counts as a stop because nobody can tell that it is none. `unreadable`: no line of ours
   * takes it away.
   */
  | { readonly kind: "damaged" | "missing" | "unreadable"; readonly id: string; readonly reason: string };

interface Reading {
  readonly stops: readonly Stop[];
  /** For the stop that is set next. */
  readonly nextId: string;
}

/**
 * A `resume` ends the stop that it names; one of an older version names none, and ends all before
 * it. A stop has the id in its line; one without, or a line that cannot be read, gets the one that
 * it would have been given. Of two with one id, set at the same moment, the second has `.2` behind
 * it.
 */
function readStops(text: string, place: string): Reading {
  const stops = new Map<string, Stop>();
  const used = new Set<string>();
  let highest = 0;
  for (const line of parseLines(text)) {
    if (line?.state === "resume") {
      if (line.stop === undefined) stops.clear();
      else stops.delete(line.stop);
      continue;
    }
    const id = unusedId(ownId(line) ?? `s${highest + 1}`, used);
    used.add(id);
    highest = Math.max(highest, Number.parseInt(id.slice(1), 10));
    stops.set(id, stopOf(line, id, place));
  }
  return { stops: [...stops.values()], nextId: `s${highest + 1}` };
}

/** The stops in force, oldest first. */
export function stopsIn(text: string, place: string): readonly Stop[] {
  return readStops(text, place).stops;
}

/** Without `stop` a `resume` ends every stop before it. */
export function brakeRecord(change: Omit<BrakeRecord, "kind" | "stop">, stop: string | undefined): BrakeRecord {
  return { kind: "brake", ...change, ...(stop === undefined ? {} : { stop }) };
}

/**
 * What is to be appended for a change; `text` is null where there is no brake, which nobody but its
 * reader may forget.
 */
export function linesFor(text: string | null, change: BrakeRecord): string {
  if (change.state === "resume") return formatBrake(change);
  if (text !== null) return formatBrake({ ...change, stop: readStops(text, "").nextId });
  const lost: BrakeRecord = { ...change, stop: "s1", reason: "the brake was missing when the next stop was set" };
  return formatBrake(lost) + formatBrake({ ...change, stop: "s2" });
}

/**
 * A brake that is missing beside a ledger was removed, or never came along with a copy. `location`
 * is the ledger's, as a command takes it.
 */
export function missingStop(place: string, location: string): Stop {
  const why = "this may be an older copy of the ledger, or a ledger that an older version made";
  const next = `once it is known to be the newest: ${dlrCommand("resume", undefined, ["--ledger", location])}`;
  return { kind: "missing", id: "missing", reason: `the brake ${place} is missing, which counts as set: ${why}; ${next}` };
}

/** Counts as set: a brake that cannot be read may have been pulled. */
export function unreadableStop(place: string, why: string): Stop {
  return { kind: "unreadable", id: "unreadable", reason: `the brake ${place} cannot be read (${why}), which counts as set` };
}

/** `wrong devices (set by anna@laptop at 2026-11-20T12:00:00.000Z)` */
export function describeStop(stop: Stop): string {
  return stop.kind === "set" ? `${stop.reason} (set by ${stop.who} at ${stop.at})` : stop.reason;
}

/** Why nothing is sent, or null where the brake is not set. */
export function brakeReason(stops: readonly Stop[]): string | null {
  const [first, ...others] = stops;
  if (first === undefined) return null;
  if (others.length === 0) return describeStop(first);
  return `${stops.length} stops: ${stops.map((stop) => `${stop.id}: ${describeStop(stop)}`).join("; ")}`;
}

function stopOf(line: BrakeLine, id: string, place: string): Stop {
  if (line === null) return { kind: "damaged", id, reason: `a line of the brake ${place} is damaged, which counts as set` };
  const { who, reason, at } = line;
  return { kind: "set", id, who, reason, at };
}

function ownId(line: BrakeLine): string | undefined {
  return /^s[1-9]\d{0,5}$/.test(line?.stop ?? "") ? line?.stop : undefined;
}

function unusedId(wanted: string, used: ReadonlySet<string>): string {
  let id = wanted;
  for (let number = 2; used.has(id); number++) id = `${wanted}.${number}`;
  return id;
}

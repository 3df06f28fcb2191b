import { isObject, parseJson } from "../domain/json.ts";
import type { BrakeRecord } from "../domain/ledger-record.ts";

/** One line per change of the brake; the last one counts, and one that cannot be read counts as a brake that is set. */
export function brakeReason(text: string, place: string): string | null {
  const record = parseBrake(text.trimEnd().split("\n").at(-1) ?? "");
  if (record === null) return `the brake ${place} is damaged, which counts as set`;
  return record.state === "resume" ? null : `${record.reason} (set by ${record.who} at ${record.at})`;
}

/** Every change that can be read, oldest first. */
export function parseBrakes(text: string): readonly BrakeRecord[] {
  return text
    .split("\n")
    .map(parseBrake)
    .filter((record) => record !== null);
}

/** The leading newline ends a line that a crash may have left torn. */
export function formatBrake(record: BrakeRecord): string {
  return `\n${JSON.stringify(record)}\n`;
}

function parseBrake(line: string): BrakeRecord | null {
  const record = parseJson(line);
  return isObject(record) && (record.state === "stop" || record.state === "resume") ? (record as unknown as BrakeRecord) : null;
}

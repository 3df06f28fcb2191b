import { isObject, parseJson } from "../domain/json.ts";
import type { BrakeRecord } from "../domain/ledger-record.ts";

/**
 * One line of a brake's file: a change of the brake, or null for one that says nothing that we
 * understand.
 */
export type BrakeLine = BrakeRecord | null;

/**
 * Lines in their order; what a brake begins with, and what a crash left between lines, changes
 * nothing.
 */
export function parseLines(text: string): readonly BrakeLine[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "" && line !== FIRST_LINE.trimEnd())
    .map(parseLine);
}

/** Every change that can be read, oldest first. */
export function parseBrakes(text: string): readonly BrakeRecord[] {
  return parseLines(text).filter((record) => record !== null);
}

/** With this alone in it a brake is not set: an empty file may be what is left of another. */
export const FIRST_LINE = '{"kind":"brake","state":"made"}\n';

/** The leading newline ends a line that a crash may have left torn. */
export function formatBrake(record: BrakeRecord): string {
  return `\n${JSON.stringify(record)}\n`;
}

function parseLine(line: string): BrakeLine {
  const record = parseJson(line);
  return isObject(record) && isBrakeRecord(record) ? record : null;
}

/** Whatever is not whole is no change of the brake: half of a `resume` would let runs go on. */
function isBrakeRecord(record: Readonly<Record<string, unknown>>): record is Readonly<Record<string, unknown>> & BrakeRecord {
  const { kind, state, who, reason, at, stop } = record;
  const isWhole = kind === "brake" && [who, reason, at].every((field) => typeof field === "string");
  return isWhole && (state === "stop" || state === "resume") && (stop === undefined || typeof stop === "string");
}

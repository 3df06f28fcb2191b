import { hash } from "node:crypto";
import type { LedgerRecord } from "../../domain/ledger-record.ts";
import type { RequestRecord } from "../../domain/request-record.ts";
import type { StartRecord } from "../../domain/step-record.ts";
import { parseBytes } from "../ledger-bytes.ts";
import { LedgerIndex } from "../ledger-index.ts";
import { CHAIN_START } from "../ledger-line.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { callName, deviceEntry } from "./names.ts";

/**
 * Of the whole, sound lines of a ledger, each of which is read and checked for it. Throws
 * `LedgerError` as reading does; null for a ledger without a line.
 */
export function buildCheckpoint(ledger: Buffer, path: string): Checkpoint | null {
  const { records, position, goodBytes } = parseBytes(ledger, CHAIN_START, path);
  if (records.length === 0) return null;
  const beginning = ledger.subarray(0, goodBytes);
  return {
    ...{ bytes: goodBytes, position, sha256: hash("sha256", beginning), lengths: lengthsOf(beginning, records.length) },
    ...tablesOf(records),
  };
}

const NEWLINE = 0x0a;

function lengthsOf(lines: Buffer, count: number): Uint32Array {
  let start = 0;
  return Uint32Array.from({ length: count }, () => {
    const end = lines.indexOf(NEWLINE, start) + 1;
    const length = end - start;
    start = end;
    return length;
  });
}

type Tables = Omit<Checkpoint, "bytes" | "position" | "sha256" | "lengths">;

function tablesOf(records: readonly LedgerRecord[]): Tables {
  const index = new LedgerIndex();
  for (const record of records) index.add(record);
  const places = new Map<string, number>();
  const owners = Uint32Array.from(records, (record) => ("key" in record ? placeOf(record.key, places) + 1 : 0));
  const keys = [...places.keys()];
  const histories = keys.map((key) => index.recordsOf(key));
  const named = histories.flatMap((history, owner) => [...namesIn(history)].map((name) => ({ name, owner })));
  return {
    ...{ keys, owners, approvalAsked: index.approvalsAsked() },
    latest: Float64Array.from(histories, latestStart),
    open: Uint32Array.from(histories.flatMap((history, owner) => (isOpen(history) ? [owner] : []))),
    names: named.map(({ name }) => name),
    nameOwners: Uint32Array.from(named, ({ owner }) => owner),
  };
}

function placeOf(key: string, places: Map<string, number>): number {
  const place = places.get(key) ?? places.size;
  places.set(key, place);
  return place;
}

function namesIn(history: readonly RequestRecord[]): ReadonlySet<string> {
  const starts = history.filter(isStart);
  const calls = starts.flatMap((start) => (start.kind === "intent" ? [callName(start.clientRequestId)] : []));
  return new Set([...starts.map(({ device }) => deviceEntry(device)), ...calls]);
}

/**
 * Milliseconds of the newest time, by any clock, at which the request began an action; infinite for
 * a time that cannot be read, and negative infinity where it began none.
 */
function latestStart(history: readonly RequestRecord[]): number {
  const times = history.filter(isStart).flatMap(({ at, graphTime }) => {
    const byGraph = Date.parse(graphTime ?? at);
    return [orInfinite(Date.parse(at)), Number.isNaN(byGraph) ? Number.NEGATIVE_INFINITY : byGraph];
  });
  return Math.max(Number.NEGATIVE_INFINITY, ...times);
}

function orInfinite(instant: number): number {
  return Number.isNaN(instant) ? Number.POSITIVE_INFINITY : instant;
}

function isStart(record: RequestRecord): record is StartRecord {
  return record.kind === "intent" || record.kind === "adopted";
}

/** A call that may be in doubt, or a person's word on one: looks into Intune's audit ask of them. */
function isOpen(history: readonly RequestRecord[]): boolean {
  const unanswered = new Set<string>();
  for (const record of history) {
    if (record.kind === "settled") return true;
    if (record.kind === "intent") unanswered.add(`${record.step} ${record.attempt}`);
    if (record.kind === "result" && record.result !== "unknown") unanswered.delete(`${record.step} ${record.attempt}`);
  }
  return unanswered.size > 0;
}

import { hash } from "node:crypto";
import type { LedgerRecord } from "../domain/ledger-record.ts";
import type { RequestRecord } from "../domain/request-record.ts";
import type { ResultRecord, StartRecord } from "../domain/step-record.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { columnOf } from "./column.ts";
import { parseBytes } from "./ledger-bytes.ts";
import { LedgerIndex } from "./ledger-index.ts";
import { CHAIN_START } from "./ledger-line.ts";
import { tellingLooks } from "./telling-looks.ts";

/**
 * Of the whole, sound lines of a ledger, each of which is read and checked for it. Throws
 * `LedgerError` as reading does; null for a ledger without a line, or with a name that is none.
 */
export function buildCheckpoint(ledger: Buffer, path: string): Checkpoint | null {
  const { records, position, goodBytes } = parseBytes(ledger, CHAIN_START, path);
  const beginning = ledger.subarray(0, goodBytes);
  const tables = tablesOf(records);
  if (records.length === 0 || tables === null) return null;
  return { bytes: goodBytes, position, sha256: hash("sha256", beginning), ends: endsOf(beginning, records.length), ...tables };
}

const NEWLINE = 0x0a;

function endsOf(lines: Buffer, count: number): Float64Array {
  const ends = new Float64Array(count + 1);
  for (let line = 1; line <= count; line++) ends[line] = lines.indexOf(NEWLINE, ends[line - 1]) + 1;
  return ends;
}

type Tables = Omit<Checkpoint, "bytes" | "position" | "sha256" | "ends">;

function tablesOf(records: readonly LedgerRecord[]): Tables | null {
  const index = new LedgerIndex();
  for (const record of records) index.add(record);
  const telling = new Set<LedgerRecord>(tellingLooks(records.filter((record) => record.kind === "audited")));
  const linesOf = Map.groupBy(records.keys(), (line) => stretchOf(records[line], telling));
  const keys = [...linesOf.keys()].filter((stretch) => typeof stretch === "string");
  const histories = keys.map((key) => index.recordsOf(key));
  const stretches = [OF_RUNS, TELLING, QUIET, ...keys].map((key) => linesOf.get(key) ?? []);
  const devices = startsOf(histories, ({ device }) => `${device.id}\0${device.serialNumber}`);
  const calls = startsOf(histories, (start) => (start.kind === "intent" ? start.clientRequestId : null));
  const texts = {
    keys: columnOf(keys),
    deviceIds: columnOf(devices.map(({ start }) => start.device.id)),
    deviceSerials: columnOf(devices.map(({ start }) => start.device.serialNumber ?? "")),
    calls: columnOf(calls.map(({ text }) => text)),
  };
  if (!isWhole(texts)) return null;
  return {
    ...texts,
    approvalAsked: index.approvalsAsked(),
    firsts: firstsOf(records),
    lines: Uint32Array.from(stretches.flat(), (line) => line + 1),
    starts: beginningsOf(stretches),
    latest: Float64Array.from(histories, latestStart),
    open: Uint32Array.from(histories.flatMap((history, owner) => (isOpen(history) ? [owner] : []))),
    deviceOwners: Uint32Array.from(devices, ({ owner }) => owner),
    callOwners: Uint32Array.from(calls, ({ owner }) => owner),
  };
}

/** Records of no request stand in the first stretches; those of a request in one of its own. */
const [OF_RUNS, TELLING, QUIET] = [0, 1, 2];

function stretchOf(record: LedgerRecord | undefined, telling: ReadonlySet<LedgerRecord>): string | number {
  if (record !== undefined && "key" in record) return record.key;
  if (record?.kind !== "audited") return OF_RUNS;
  return telling.has(record) ? TELLING : QUIET;
}

function firstsOf(records: readonly LedgerRecord[]): readonly number[] {
  const places = [records.findIndex((record) => "key" in record), records.findIndex(({ kind }) => kind === "begun")];
  return [...new Set(places.filter((place) => place !== -1).map((place) => place + 1))];
}

function beginningsOf(stretches: readonly (readonly unknown[])[]): Uint32Array {
  const starts = new Uint32Array(stretches.length + 1);
  for (const [place, stretch] of stretches.entries()) starts[place + 1] = (starts[place] ?? 0) + stretch.length;
  return starts;
}

function isWhole<Name extends string>(texts: Readonly<Record<Name, string | null>>): texts is Readonly<Record<Name, string>> {
  return !Object.values(texts).includes(null);
}

interface OwnedStart {
  readonly start: StartRecord;
  readonly text: string;
  /** Place of its request. */
  readonly owner: number;
}

/** One start for each text that a request's starts have; null counts as none. */
function startsOf(histories: readonly (readonly RequestRecord[])[], textOf: (start: StartRecord) => string | null): readonly OwnedStart[] {
  return histories.flatMap((history, owner) => {
    const found = new Map<string, OwnedStart>();
    for (const start of history.filter(isStart)) {
      const text = textOf(start);
      if (text !== null) found.set(text, { start, text, owner });
    }
    return [...found.values()];
  });
}

/**
 * Milliseconds of the newest time, by any clock, at which the request began an action; infinite for
 * a time that cannot be read, and negative infinity where it began none.
 */
function latestStart(history: readonly RequestRecord[]): number {
  const times = history.filter(isStart).flatMap(({ at, graphTime }) => [instantOf(at), instantOf(graphTime ?? at)]);
  return Math.max(Number.NEGATIVE_INFINITY, ...times);
}

function instantOf(text: string): number {
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? Number.POSITIVE_INFINITY : instant;
}

function isStart(record: RequestRecord): record is StartRecord {
  return record.kind === "intent" || record.kind === "adopted";
}

/** They end the doubt of a call. */
const ANSWERS: readonly ResultRecord["result"][] = ["accepted", "refused", "notSent", "approvalRequired", "signInRequired"];

/** A call may be in doubt, or was settled by a person: looks into the audit ask of both. */
function isOpen(history: readonly RequestRecord[]): boolean {
  const unanswered = new Set<string>();
  for (const record of history) {
    if (record.kind === "settled") return true;
    if (record.kind === "intent") unanswered.add(`${record.step} ${record.attempt}`);
    if (record.kind === "result" && ANSWERS.includes(record.result)) unanswered.delete(`${record.step} ${record.attempt}`);
  }
  return unanswered.size > 0;
}

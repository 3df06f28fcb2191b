import { LedgerError } from "../domain/errors.ts";
import { isObject } from "../domain/json.ts";
import { type LedgerRecord, RECORD_KINDS } from "../domain/ledger-record.ts";

type Field = "string" | "number" | "boolean" | "object" | "list";

const OF_REQUEST = { key: "string", at: "string" } as const;
const OF_STEP = { ...OF_REQUEST, step: "number" } as const;

/** The fields that reading relies on, by kind of record. A new kind in domain/ is a type error here. */
const FIELDS: Readonly<Record<LedgerRecord["kind"], Readonly<Record<string, Field>>>> = {
  created: { version: "number", at: "string" },
  continued: { in: "string", at: "string" },
  brake: { state: "string", who: "string", reason: "string", at: "string" },
  settings: { settings: "object", at: "string" },
  begun: { ...OF_REQUEST, plan: "object", device: "object" },
  edited: { ...OF_REQUEST, why: "object" },
  repeated: { ...OF_REQUEST, reason: "string" },
  adopted: { ...OF_STEP, action: "string", destroysData: "boolean", device: "object", result: "object", snapshot: "list" },
  intent: { ...OF_STEP, attempt: "number", action: "string", destroysData: "boolean", device: "object", snapshot: "list" },
  result: { ...OF_STEP, attempt: "number", result: "string" },
  finished: { ...OF_STEP, status: "string", reason: "string" },
  escrowed: { ...OF_STEP, secret: "string", reference: "string", device: "object" },
  settled: { ...OF_STEP, attempt: "number", decision: "string", who: "string", why: "string" },
  outcome: { ...OF_REQUEST, outcome: "string", device: "object", conditions: "list" },
};

const NEWER = "it was written by a newer version of this product";

/** What keeps this version from understanding a record, or null. The first line of a ledger, and only that one, says `created`. */
export function recordProblem(record: unknown, sequence: number): string | null {
  if (!isObject(record) || typeof record.kind !== "string") return "it holds no record";
  if ((record.kind === "created") !== (sequence === 1)) return "a ledger begins with one record of kind created";
  if (!isKnownKind(record.kind)) return `${NEWER}: kind ${JSON.stringify(record.kind)}`;
  if (record.kind === "created" && record.version !== 1 && record.version !== 2)
    return `${NEWER}: version ${JSON.stringify(record.version)}`;
  const wrong = Object.entries(FIELDS[record.kind]).find(([name, field]) => !isOf(field, record[name]));
  return wrong === undefined ? null : `${record.kind} without a right ${wrong[0]}`;
}

/** Throws `LedgerError` for a record that could not be read back once it is written. */
export function checkRecord(record: LedgerRecord): void {
  const problem = recordProblem(JSON.parse(JSON.stringify(record)), Number.POSITIVE_INFINITY);
  if (problem !== null) throw new LedgerError(`a record that the ledger could not read back was not written: ${problem}`);
}

function isKnownKind(kind: string): kind is LedgerRecord["kind"] {
  return RECORD_KINDS.some((known) => known === kind);
}

function isOf(field: Field, value: unknown): boolean {
  if (field === "list") return Array.isArray(value);
  return field === "object" ? isObject(value) : typeof value === field;
}

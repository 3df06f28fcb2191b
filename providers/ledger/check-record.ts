import { LedgerError } from "../domain/errors.ts";
import { isObject } from "../domain/json.ts";
import type { LedgerRecord } from "../domain/ledger-record.ts";
import type { Why } from "../domain/request-record.ts";
import { isReadableVersion } from "./format-version.ts";

type Field = keyof typeof CHECKS;

const CHECKS = {
  string: (value: unknown) => typeof value === "string",
  stringOrNull: (value: unknown) => value === null || typeof value === "string",
  number: (value: unknown) => typeof value === "number",
  boolean: (value: unknown) => typeof value === "boolean",
  object: isObject,
  list: (value: unknown) => Array.isArray(value),
  why: isWhy,
  stringOrAbsent: (value: unknown) => value === undefined || typeof value === "string",
  whyOrAbsent: (value: unknown) => value === undefined || isWhy(value),
  foreignActions: (value: unknown) => Array.isArray(value) && value.every(isForeign),
  texts: (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === "string"),
} as const satisfies Readonly<Record<string, (value: unknown) => boolean>>;

const OF_REQUEST = { key: "string", at: "string" } as const;
const OF_STEP = { ...OF_REQUEST, step: "number" } as const;

/**
 * The fields that reading relies on, by kind of record. A new kind in domain/ is a type error here.
 */
const FIELDS: Readonly<Record<LedgerRecord["kind"], Readonly<Record<string, Field>>>> = {
  created: { version: "number", at: "string" },
  continued: { in: "string", at: "string" },
  brake: { state: "string", who: "string", reason: "string", at: "string" },
  settings: { settings: "object", at: "string" },
  world: { graph: "string", tenant: "stringOrNull", at: "string" },
  audited: { at: "string", source: "string", until: "stringOrNull", foreign: "foreignActions", senders: "list", stopped: "texts" },
  begun: { ...OF_REQUEST, plan: "object", device: "object", why: "whyOrAbsent" },
  edited: { ...OF_REQUEST, why: "why" },
  repeated: { ...OF_REQUEST, reason: "string" },
  adopted: {
    ...OF_STEP,
    action: "string",
    destroysData: "boolean",
    device: "object",
    result: "object",
    snapshot: "list",
    graphTime: "stringOrAbsent",
  },
  intent: {
    ...OF_STEP,
    attempt: "number",
    action: "string",
    destroysData: "boolean",
    device: "object",
    snapshot: "list",
    graphTime: "stringOrAbsent",
  },
  result: { ...OF_STEP, attempt: "number", result: "string" },
  finished: { ...OF_STEP, status: "string", reason: "string" },
  escrowed: { ...OF_STEP, secret: "string", reference: "string", device: "object" },
  settled: { ...OF_STEP, attempt: "number", decision: "string", who: "string", why: "string" },
  outcome: { ...OF_REQUEST, outcome: "string", device: "object", conditions: "list" },
};

const OF_WHY: Readonly<Record<keyof Why, "string" | "stringOrNull">> = {
  reason: "string",
  source: "string",
  ticket: "stringOrNull",
  commit: "stringOrNull",
  pullRequest: "stringOrNull",
  ciRun: "stringOrNull",
  who: "stringOrNull",
};

const OF_FOREIGN = { event: "string", action: "string", at: "string", device: "stringOrNull", actor: "object" } as const;

/** A field's name, and what its value has to be. */
type CheckedField = readonly [name: string, isRight: (value: unknown) => boolean];

/** Made once: a ledger of years has a hundred thousand records. */
const CHECKED: ReadonlyMap<string, readonly CheckedField[]> = new Map(
  Object.entries(FIELDS).map(([kind, fields]) => [kind, checksOf(fields)]),
);
const CHECKED_WHY = checksOf(OF_WHY);
const CHECKED_FOREIGN = checksOf(OF_FOREIGN);

function checksOf(fields: Readonly<Record<string, Field>>): readonly CheckedField[] {
  return Object.entries(fields).map(([name, field]) => [name, CHECKS[field]]);
}

const NEWER = "it was written by a newer version of this product";

/**
 * What keeps this version from understanding a record, or null. The first line of a ledger, and
 * only that one, says `created`.
 */
export function recordProblem(record: unknown, sequence: number): string | null {
  if (!isObject(record) || typeof record.kind !== "string") return "it holds no record";
  if ((record.kind === "created") !== (sequence === 1)) return "a ledger begins with one record of kind created";
  if (!isKnownKind(record.kind)) return `${NEWER}: kind ${JSON.stringify(record.kind)}`;
  if (record.kind === "created" && !isReadableVersion(record.version)) return `${NEWER}: version ${JSON.stringify(record.version)}`;
  const wrong = firstWrong(CHECKED.get(record.kind) ?? [], record);
  return wrong === undefined ? null : `${record.kind} without a right ${wrong}`;
}

/** True for a record that this version understands, at its number in the ledger. */
export function isRecord(record: unknown, sequence: number): record is LedgerRecord {
  return recordProblem(record, sequence) === null;
}

/** Throws `LedgerError` for a record that could not be read back once it is written. */
export function checkRecord(record: LedgerRecord): void {
  const problem = recordProblem(JSON.parse(JSON.stringify(record)), Number.POSITIVE_INFINITY);
  if (problem !== null) throw new LedgerError(`a record that the ledger could not read back was not written: ${problem}`);
}

function isKnownKind(kind: string): kind is LedgerRecord["kind"] {
  return CHECKED.has(kind);
}

function isWhy(value: unknown): boolean {
  return isObject(value) && firstWrong(CHECKED_WHY, value) === undefined;
}

function isForeign(value: unknown): boolean {
  return isObject(value) && firstWrong(CHECKED_FOREIGN, value) === undefined;
}

/** Name of the first field that is not what it should be. */
function firstWrong(fields: readonly CheckedField[], value: Readonly<Record<string, unknown>>): string | undefined {
  return fields.find(([name, isRight]) => !isRight(value[name]))?.[0];
}

import { hash } from "node:crypto";
import { isObject, parseJson } from "../domain/json.ts";
import type { ChainPosition } from "./ledger-line.ts";

/**
 * What a run needs to find the records of a request in the beginning of a ledger without parsing
 * it. All of it follows from those bytes. A request is named by its place among the keys, from 0.
 * Columns are texts as `columnOf` joins them.
 */
export interface Checkpoint {
  /** Length of the beginning, in bytes: whole lines. */
  readonly bytes: number;
  /** Number and checksum of its last line. */
  readonly position: ChainPosition;
  /** SHA-256 of the beginning, in hexadecimal digits. */
  readonly sha256: string;
  /** Actions that Graph last answered with the wish for an approval. */
  readonly approvalAsked: readonly string[];
  /** Numbers of the first line of any request, and of the first of kind `begun`. */
  readonly firsts: readonly number[];
  /** Column of the keys of its requests. */
  readonly keys: string;
  /** Where each line ends, behind its newline; 0 comes first. */
  readonly ends: Float64Array;
  /**
   * Numbers of the lines, from 1, in stretches: those of no request and no look into the audit;
   * looks that `tellingLooks` gives; other looks; those of each request.
   */
  readonly lines: Uint32Array;
  /** Where each of these stretches begins in `lines`, and where the last one ends. */
  readonly starts: Uint32Array;
  /** When each request last began an action: see `latestStart`. */
  readonly latest: Float64Array;
  /** Requests that have a call in doubt, or that a person settled. */
  readonly open: Uint32Array;
  /** Columns of devices as Graph wrote them; an empty serial number is none. */
  readonly deviceIds: string;
  readonly deviceSerials: string;
  /** The request that began an action on each. */
  readonly deviceOwners: Uint32Array;
  /** Column of client request ids. */
  readonly calls: string;
  /** The request that made each. */
  readonly callOwners: Uint32Array;
}

/** Another layout, or other contents of a table: another number. Others are not read. */
export const CHECKPOINT_FORMAT = 1;

const TEXTS = ["keys", "deviceIds", "deviceSerials", "calls"] as const;
const INTEGERS = ["lines", "starts", "open", "deviceOwners", "callOwners"] as const;
const FLOATS = ["ends", "latest"] as const;
const TABLES = [...FLOATS, ...INTEGERS, ...TEXTS];

/**
 * A line of JSON with the digest of all behind it; a line of JSON with what is no table, and each
 * table's length in bytes; the tables. Numbers are little-endian, of 8 and of 4 bytes.
 */
export function formatCheckpoint(checkpoint: Checkpoint): Buffer {
  const { bytes, position, sha256, approvalAsked, firsts } = checkpoint;
  const tables = TABLES.map((name) => bytesOf(checkpoint[name]));
  const lengths = tables.map((table) => table.length);
  const rest = Buffer.concat([lineOf({ bytes, position, sha256, approvalAsked, firsts, lengths }), ...tables]);
  return Buffer.concat([lineOf({ format: CHECKPOINT_FORMAT, sha256: hash("sha256", rest) }), rest]);
}

/** Null for what is no checkpoint of this format, whole and in itself consistent. */
export function parseCheckpoint(file: Buffer): Checkpoint | null {
  const [head, rest] = lineIn(file);
  if (!isObject(head) || head.format !== CHECKPOINT_FORMAT || head.sha256 !== hash("sha256", rest)) return null;
  const [facts, tables] = lineIn(rest);
  const checkpoint = isObject(facts) ? checkpointOf(facts, tables) : null;
  return checkpoint !== null && isConsistent(checkpoint) ? checkpoint : null;
}

function lineOf(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

function lineIn(bytes: Buffer): readonly [unknown, Buffer] {
  const end = bytes.indexOf("\n");
  return end === -1 ? [undefined, bytes] : [parseJson(bytes.toString("utf8", 0, end)), bytes.subarray(end + 1)];
}

function bytesOf(table: string | Uint32Array | Float64Array): Buffer {
  return typeof table === "string" ? Buffer.from(table) : Buffer.from(table.buffer, table.byteOffset, table.byteLength);
}

function checkpointOf(facts: Readonly<Record<string, unknown>>, tables: Buffer): Checkpoint | null {
  const { bytes, position, sha256, approvalAsked, firsts, lengths } = facts;
  if (typeof bytes !== "number" || typeof sha256 !== "string" || !isObject(position)) return null;
  const { sequence, checksum } = position;
  if (typeof sequence !== "number" || typeof checksum !== "string") return null;
  if (!Array.isArray(approvalAsked) || !Array.isArray(firsts) || !Array.isArray(lengths) || lengths.length !== TABLES.length) return null;
  const [floats, integers, texts] = [floatsIn(tables, lengths), integersIn(tables, lengths), textsIn(tables, lengths)];
  return {
    bytes,
    position: { sequence, checksum },
    sha256,
    approvalAsked,
    firsts,
    ends: floats("ends"),
    latest: floats("latest"),
    lines: integers("lines"),
    starts: integers("starts"),
    open: integers("open"),
    deviceOwners: integers("deviceOwners"),
    callOwners: integers("callOwners"),
    keys: texts("keys"),
    deviceIds: texts("deviceIds"),
    deviceSerials: texts("deviceSerials"),
    calls: texts("calls"),
  };
}

type Name = (typeof TABLES)[number];

function floatsIn(tables: Buffer, lengths: readonly number[]) {
  return (name: Name) => new Float64Array(aligned(tableIn(tables, lengths, name), Float64Array.BYTES_PER_ELEMENT));
}

function integersIn(tables: Buffer, lengths: readonly number[]) {
  return (name: Name) => new Uint32Array(aligned(tableIn(tables, lengths, name), Uint32Array.BYTES_PER_ELEMENT));
}

function textsIn(tables: Buffer, lengths: readonly number[]) {
  return (name: Name) => tableIn(tables, lengths, name).toString("utf8");
}

function tableIn(tables: Buffer, lengths: readonly number[], name: Name): Buffer {
  const place = TABLES.indexOf(name);
  const start = lengths.slice(0, place).reduce((sum, length) => sum + length, 0);
  return tables.subarray(start, start + (lengths[place] ?? 0));
}

/** Empty for what is no whole number of elements. */
function aligned(table: Buffer, size: number): ArrayBuffer {
  return Uint8Array.from(table.length % size === 0 ? table : []).buffer;
}

/** The digest says who wrote the tables; this that they are of one ledger. */
function isConsistent({ bytes, position, ends, lines, starts, latest }: Checkpoint): boolean {
  const { sequence } = position;
  if (sequence < 1 || ends.length !== sequence + 1 || lines.length !== sequence) return false;
  return ends.at(-1) === bytes && starts.at(-1) === sequence && starts.length === latest.length + 4;
}

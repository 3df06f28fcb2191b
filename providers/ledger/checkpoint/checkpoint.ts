import { hash } from "node:crypto";
import { isObject, parseJson } from "../../domain/json.ts";
import type { ChainPosition } from "../ledger-line.ts";

/**
 * What a run needs to find the records of a request in the beginning of a ledger without parsing
 * it. All of it follows from those bytes; docs/stores.md says what stands where.
 */
export interface Checkpoint {
  /** Length of the beginning, in bytes: whole lines. */
  readonly bytes: number;
  /** Number and checksum of its last line. */
  readonly position: ChainPosition;
  /** SHA-256 of the beginning, in hexadecimal digits. */
  readonly sha256: string;
  /** Keys of its requests. Other tables name a request by its place here, from 0. */
  readonly keys: readonly string[];
  /** Length of each line, in bytes, with its newline. */
  readonly lengths: Uint32Array;
  /** The request of each line, from 1; 0 for a line of no request. */
  readonly owners: Uint32Array;
  /** When each request last began an action: see `latestStart`. */
  readonly latest: Float64Array;
  /** Requests that have a call in doubt, or that a person settled. */
  readonly open: Uint32Array;
  /** Devices and calls, as `deviceEntry` and `callName` write them; one may stand several times. */
  readonly names: readonly string[];
  /** The request of each. */
  readonly nameOwners: Uint32Array;
  /** Actions that Graph last answered with the wish for an approval. */
  readonly approvalAsked: readonly string[];
}

/** Another layout, or other contents of a table: another number. Others are not read. */
const FORMAT = 1;

/** Two lines: the digest of the second, and the tables. Null where a name would not fit in. */
export function formatCheckpoint(checkpoint: Checkpoint): Buffer | null {
  if ([...checkpoint.keys, ...checkpoint.names, ...checkpoint.approvalAsked].some(isUnfit)) return null;
  const { bytes, position, sha256, keys, lengths, owners, latest, open, names, nameOwners, approvalAsked } = checkpoint;
  const numbers = { lengths, owners, latest, open, nameOwners };
  const tables = JSON.stringify({
    ...{ bytes, position, sha256, keys: keys.join("\n"), names: names.join("\n"), approvalAsked: approvalAsked.join("\n") },
    ...Object.fromEntries(Object.entries(numbers).map(([name, table]) => [name, base64Of(table)])),
  });
  return Buffer.from(`${JSON.stringify({ format: FORMAT, sha256: hash("sha256", tables) })}\n${tables}\n`);
}

/** Nothing of ours has it: it would be read as two texts, or as none. */
function isUnfit(text: string): boolean {
  return text === "" || text.includes("\n") || text.split("\t").length > 2;
}

/** Null for what is no checkpoint of this format, whole and in itself consistent. */
export function parseCheckpoint(bytes: Buffer): Checkpoint | null {
  const [head = "", tables = "", ...rest] = bytes.toString("utf8").split("\n");
  const header = parseJson(head);
  if (!isObject(header) || header.format !== FORMAT || rest.join("\n") !== "") return null;
  if (header.sha256 !== hash("sha256", tables)) return null;
  const found = parseJson(tables);
  const checkpoint = isObject(found) ? checkpointOf(found) : null;
  return checkpoint !== null && isConsistent(checkpoint) ? checkpoint : null;
}

function checkpointOf(found: Readonly<Record<string, unknown>>): Checkpoint | null {
  const { bytes, position, sha256 } = found;
  if (typeof bytes !== "number" || typeof sha256 !== "string" || !isObject(position)) return null;
  const { sequence, checksum } = position;
  if (typeof sequence !== "number" || typeof checksum !== "string") return null;
  const integers = (name: string) => new Uint32Array(bytesOf(found[name], Uint32Array.BYTES_PER_ELEMENT));
  return {
    ...{ bytes, position: { sequence, checksum }, sha256 },
    ...{ keys: textsOf(found.keys), names: textsOf(found.names), approvalAsked: textsOf(found.approvalAsked) },
    latest: new Float64Array(bytesOf(found.latest, Float64Array.BYTES_PER_ELEMENT)),
    ...{ lengths: integers("lengths"), owners: integers("owners"), open: integers("open"), nameOwners: integers("nameOwners") },
  };
}

/** No table leads out of another. */
function isConsistent({ bytes, position, keys, lengths, owners, latest, open, names, nameOwners }: Checkpoint): boolean {
  const { sequence } = position;
  if (lengths.length !== sequence || owners.length !== sequence || sequence === 0) return false;
  if (latest.length !== keys.length || names.length !== nameOwners.length) return false;
  if (!owners.every((owner) => owner <= keys.length)) return false;
  if (![open, nameOwners].every((table) => table.every((key) => key < keys.length))) return false;
  return lengths.reduce((sum, length) => sum + length, 0) === bytes;
}

/** Little-endian, as every machine is that this runs on. */
function base64Of(table: Uint32Array | Float64Array): string {
  return Buffer.from(table.buffer, table.byteOffset, table.byteLength).toString("base64");
}

/** Aligned; empty for what is no text, or no whole number of elements. */
function bytesOf(text: unknown, size: number): ArrayBuffer {
  const bytes = Buffer.from(typeof text === "string" ? text : "", "base64");
  return Uint8Array.from(bytes.length % size === 0 ? bytes : []).buffer;
}

function textsOf(text: unknown): readonly string[] {
  return typeof text !== "string" || text === "" ? [] : text.split("\n");
}

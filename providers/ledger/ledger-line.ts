import { hash } from "node:crypto";
import { parseJson } from "../domain/json.ts";
import type { LedgerRecord } from "../domain/ledger-record.ts";
import { isRecord, recordProblem } from "./check-record.ts";

/**
 * How far a ledger goes: the number of its last line and that line's checksum, which the next
 * line's checksum covers.
 */
export interface ChainPosition {
  readonly sequence: number;
  readonly checksum: string;
}

/** The position before the first line of a ledger. */
export const CHAIN_START: ChainPosition = { sequence: 0, checksum: "" };

/** One line without its newline: `{"seq":7,"sum":"…","record":{…}}`. */
export interface LedgerLine {
  readonly text: string;
  readonly position: ChainPosition;
}

/** `damaged` is a line that was changed or cut; `unknown` is sound, and of a newer version. */
export type ParsedLine =
  | { readonly kind: "good"; readonly record: LedgerRecord; readonly position: ChainPosition }
  | { readonly kind: "damaged"; readonly problem: string }
  | { readonly kind: "unknown"; readonly problem: string };

/** `body` is the record as JSON, on one line. */
export function formatLine(previous: ChainPosition, body: string): LedgerLine {
  const sequence = previous.sequence + 1;
  const checksum = checksumOf(previous, sequence, body);
  return { text: `{"seq":${sequence},"sum":"${checksum}","record":${body}}`, position: { sequence, checksum } };
}

/** Several lines, each with its newline, and where the chain then ends. */
export function formatLines(
  previous: ChainPosition,
  bodies: readonly string[],
): { readonly bytes: Buffer; readonly position: ChainPosition } {
  let position = previous;
  let text = "";
  for (const body of bodies) {
    const line = formatLine(position, body);
    position = line.position;
    text += `${line.text}\n`;
  }
  return { bytes: Buffer.from(text, "utf8"), position };
}

const LINE = /^\{"seq":([1-9][0-9]{0,15}),"sum":"([0-9a-f]{32})","record":(\{.*\})\}$/s;

/**
 * The checksum covers the bytes as they stand, the line's number and the line before: a changed,
 * lost or moved line shows.
 */
export function parseLine(previous: ChainPosition, text: string): ParsedLine {
  const sequence = previous.sequence + 1;
  const sound = soundLine(previous, sequence, text);
  if (sound === null) return damaged(problemOf(text, sequence));
  const record = parseJson(sound.body);
  if (!isRecord(record, sequence)) return { kind: "unknown", problem: recordProblem(record, sequence) ?? "it holds no record" };
  return { kind: "good", record, position: { sequence, checksum: sound.checksum } };
}

interface SoundLine {
  readonly body: string;
  readonly checksum: string;
}

/**
 * Null for every text but the one that `formatLine` writes here. By positions: a pattern over each
 * whole line took a fifth of reading a ledger.
 */
function soundLine(previous: ChainPosition, sequence: number, text: string): SoundLine | null {
  const before = `{"seq":${sequence},"sum":"`;
  const behind = before.length + CHECKSUM_LENGTH;
  if (!text.startsWith(before) || !text.startsWith(BETWEEN, behind) || !text.endsWith("}}")) return null;
  const body = text.slice(behind + BETWEEN.length - 1, -1);
  const checksum = checksumOf(previous, sequence, body);
  return text.startsWith(checksum, before.length) ? { body, checksum } : null;
}

const CHECKSUM_LENGTH = 32;
const BETWEEN = '","record":{';

/** Of a line that is not sound. */
function problemOf(text: string, expected: number): string {
  const [, sequence] = LINE.exec(text) ?? [];
  if (sequence === undefined) return "it is not a line of a ledger";
  return Number(sequence) === expected ? "its checksum does not fit" : `it has number ${sequence} where ${expected} belongs`;
}

function damaged(problem: string): ParsedLine {
  return { kind: "damaged", problem };
}

/** 128 bits of SHA-256: against accidents, not against a writer who can compute it too. */
function checksumOf(previous: ChainPosition, sequence: number, body: string): string {
  return hash("sha256", `${previous.checksum}\n${sequence}\n${body}`).slice(0, CHECKSUM_LENGTH);
}

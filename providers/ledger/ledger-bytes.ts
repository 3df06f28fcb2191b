import { LedgerError } from "../domain/errors.ts";
import type { LedgerRecord } from "../domain/ledger-record.ts";
import { type ChainPosition, type ParsedLine, parseLine } from "./ledger-line.ts";

/** What a stretch of a ledger file holds, from a known position on. */
export interface ParsedBytes {
  readonly records: readonly LedgerRecord[];
  readonly position: ChainPosition;
  /** Length of the whole, sound lines. */
  readonly goodBytes: number;
  /** What a crash left of a write behind them; empty for a ledger that was left in order. */
  readonly tornBytes: number;
}

const NEWLINE = 0x0a;

/**
 * Reads whole lines. A tail without a newline, or a last line with holes in it, is what a crash
 * leaves of a write that never returned: it counts for nothing and is told apart. A line that is
 * whole but wrong, wherever it stands, was changed or rotted, may have been acted on, and throws
 * `LedgerError`.
 */
export function parseBytes(bytes: Buffer, from: ChainPosition, path: string): ParsedBytes {
  const records: LedgerRecord[] = [];
  let position = from;
  let goodBytes = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, goodBytes)) {
    const line = parseLine(position, bytes.toString("utf8", goodBytes, end));
    if (line.kind !== "good") {
      if (isTorn(bytes, goodBytes, end)) break;
      throw unsound(line, position.sequence + 1, path);
    }
    records.push(line.record);
    position = line.position;
    goodBytes = end + 1;
  }
  return { records, position, goodBytes, tornBytes: bytes.length - goodBytes };
}

/**
 * The last line, with a hole: a file system can persist the end of a write before its beginning,
 * which then reads as zeros.
 */
function isTorn(bytes: Buffer, start: number, end: number): boolean {
  return end === bytes.length - 1 && bytes.subarray(start, end).includes(0);
}

function unsound(line: Exclude<ParsedLine, { kind: "good" }>, number: number, path: string): LedgerError {
  const message = `line ${number} of ${path} cannot be relied on: ${line.problem}`;
  if (line.kind === "unknown") return new LedgerError(message, { hint: "use the version of the product that wrote it" });
  return new LedgerError(message, {
    hint: "restore the ledger from a backup; nothing is sent meanwhile, because nobody can tell what was",
  });
}

import { hash } from "node:crypto";
import type { LedgerRecord } from "../../../providers/domain/ledger-record.ts";
import { buildCheckpoint } from "../../../providers/ledger/build-checkpoint.ts";
import { formatCheckpoint, parseCheckpoint } from "../../../providers/ledger/checkpoint.ts";
import { CHAIN_START, formatLines } from "../../../providers/ledger/ledger-line.ts";
import { LedgerPrefix } from "../../../providers/ledger/ledger-prefix.ts";
import { MemoryBytes } from "../../../providers/ledger/memory-bytes.ts";

/** The bytes of a ledger of these records. */
function ledgerOf(records: readonly LedgerRecord[]): Buffer {
  return formatLines(
    CHAIN_START,
    records.map((record) => JSON.stringify(record)),
  ).bytes;
}

/** The beginning of a ledger that a checkpoint of these records leads through, written and read. */
export function prefixOf(records: readonly LedgerRecord[]): LedgerPrefix {
  const bytes = ledgerOf(records);
  const built = buildCheckpoint(bytes, "ledger.jsonl");
  const checkpoint = built === null ? null : parseCheckpoint(formatCheckpoint(built));
  const names = { ledger: "ledger.jsonl", index: "ledger.index" };
  // In pieces, as bytes come from afar.
  const pieces = [bytes.subarray(0, bytes.length / 3), bytes.subarray(bytes.length / 3)];
  const prefix = checkpoint === null ? null : LedgerPrefix.of(checkpoint, hash("sha256", bytes), new MemoryBytes(pieces), names);
  if (prefix === null) throw new TypeError("the checkpoint does not fit its own ledger");
  return prefix;
}

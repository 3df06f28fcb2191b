import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import type { LedgerContents, LedgerFacts } from "../../providers/domain/ports.ts";
import { LedgerReading } from "../../providers/ledger/ledger-reading.ts";

/** A ledger of these records, as one is read. */
export function contentsOf(...records: readonly LedgerRecord[]): LedgerContents {
  return new LedgerReading({ exists: true, later: records });
}

/** No ledger was ever made. */
export const NO_LEDGER: LedgerContents = new LedgerReading({ exists: false, later: [] });

/** What a ledger of these records answers. */
export function factsOf(...records: readonly LedgerRecord[]): LedgerFacts {
  return contentsOf(...records).facts();
}

import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import type { OpenedLedger } from "../../providers/ledger/open-ledger.ts";
import { missingLedger } from "./open-stores.ts";

/**
 * Throws `LedgerError` where there is no ledger: one that is missing is not one in which nothing
 * was done.
 */
export async function allRecords(ledger: OpenedLedger): Promise<readonly LedgerRecord[]> {
  const { exists, records } = await ledger.read();
  if (!exists) throw missingLedger(ledger);
  return records;
}

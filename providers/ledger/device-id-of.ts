import type { LedgerRecord } from "../domain/ledger-record.ts";
import type { LedgerFacts } from "../domain/ports.ts";

/**
 * The device that a record is of: it names it, or an earlier one of its request does. Null for
 * records of no request.
 */
export function deviceIdOf(record: LedgerRecord, facts: LedgerFacts): string | null {
  if (!("key" in record)) return null;
  for (const one of [...facts.recordsOf(record.key), record]) {
    if (one.kind === "begun") return one.plan.device.id;
    if ("device" in one) return one.device.id;
  }
  return null;
}

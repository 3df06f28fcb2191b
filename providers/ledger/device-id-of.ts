import { begunRecord, type LedgerRecord } from "../domain/ledger-record.ts";
import type { LedgerFacts } from "../domain/ports.ts";

/** The device that a record is of: it names it, or its request began with it. Null for records of no request. */
export function deviceIdOf(record: LedgerRecord, facts: LedgerFacts): string | null {
  if (!("key" in record)) return null;
  const begun = record.kind === "begun" ? record : begunRecord(facts.recordsOf(record.key));
  if (begun !== undefined) return begun.plan.device.id;
  return "device" in record ? record.device.id : null;
}

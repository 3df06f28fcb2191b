import type { CreatedRecord } from "../domain/ledger-record.ts";

/**
 * Formats that this version reads. A ledger keeps the format that it was made with, and goes on
 * with newer records.
 */
const READABLE: readonly unknown[] = [1, 2] satisfies readonly CreatedRecord["version"][];

/** First record of a new ledger. */
export function createdRecord(at: string): CreatedRecord {
  return { kind: "created", version: 2, at };
}

/** False also for what is no number; a newer ledger is refused and never half understood. */
export function isReadableVersion(version: unknown): boolean {
  return READABLE.includes(version);
}

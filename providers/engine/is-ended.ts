import { lastOutcome, type RequestRecord, recordsInForce } from "../domain/ledger-record.ts";

/**
 * True when nothing is left to do or to look at: succeeded, or ended otherwise with the request unchanged since. Such a request needs neither
 * its device nor Graph any more.
 */
export function isEnded(records: readonly RequestRecord[], edition: string): boolean {
  const last = lastOutcome(recordsInForce(records));
  if (last === undefined) return false;
  switch (last.outcome) {
    case "succeeded":
      return true;
    case "failed":
    case "expired":
      return last.edition === edition;
    case "pending":
    case "awaitingApproval":
    case "awaitingSignIn":
    case "ambiguous":
      return false;
  }
}

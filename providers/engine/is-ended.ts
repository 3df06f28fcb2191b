import { destroysData } from "../domain/action-table.ts";
import { begunRecord, type RequestRecord, recordsInForce, standingOutcome } from "../domain/ledger-record.ts";
import { type StepState, stepState } from "./step-state.ts";

/**
 * True when nothing is left to do or to look at: succeeded, or ended otherwise with the request unchanged since. Such a request needs neither
 * its device nor Graph any more.
 */
export function isEnded(records: readonly RequestRecord[], edition: string): boolean {
  const last = standingOutcome(records);
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

/** A step of an expired request that may still take effect. */
const OPEN: readonly StepState["kind"][] = ["inDoubt", "accepted", "adopted", "approvalRequired"];

/** True for a request that was begun and that nobody knows the end of: what it sent may still destroy data. */
export function isUnsettled(records: readonly RequestRecord[]): boolean {
  if (records.length === 0) return false;
  const outcome = standingOutcome(records)?.outcome;
  if (outcome === "succeeded" || outcome === "failed") return false;
  if (outcome !== "expired") return true;
  const inForce = recordsInForce(records);
  const steps = begunRecord(records)?.plan.steps ?? [];
  return steps.some((step) => destroysData(step.action) && OPEN.includes(stepState(step, inForce).kind));
}

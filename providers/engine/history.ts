import { destroysData } from "../domain/actions/action-table.ts";
import type { PlanStep } from "../domain/plan.ts";
import type { RequestHistory, StepState } from "../domain/request-history.ts";
import type { RequestRecord } from "../domain/request-record.ts";
import type { EscrowedRecord } from "../domain/step-record.ts";
import { mayTakeEffect, stepStates, UNTOUCHED } from "./decide/step-state.ts";

/** Folds the records of one request, oldest first. */
export function historyOf(records: readonly RequestRecord[]): RequestHistory {
  const inForce = records.slice(records.findLastIndex(({ kind }) => kind === "repeated") + 1);
  const last = inForce.findLast(({ kind }) => kind !== "edited");
  const latest = records.findLast((record) => record.kind === "edited" || record.kind === "begun");
  return {
    records,
    inForce,
    begun: records.find((record) => record.kind === "begun") ?? null,
    steps: stepStates(inForce),
    lastOutcome: records.findLast((record) => record.kind === "outcome") ?? null,
    standing: last?.kind === "outcome" ? last : null,
    escrowed: newestByKind(records),
    why: latest?.why ?? null,
  };
}

function newestByKind(records: readonly RequestRecord[]): RequestHistory["escrowed"] {
  const escrowed = records.filter((record): record is EscrowedRecord => record.kind === "escrowed");
  return Object.fromEntries(escrowed.map((record) => [record.secret, record]));
}

/** `untouched` for a step that no record names. */
export function stepOf(history: Pick<RequestHistory, "steps">, { index }: Pick<PlanStep, "index">): StepState {
  return history.steps.get(index) ?? UNTOUCHED;
}

/**
 * True when nothing is left to do or to look at: succeeded, or ended otherwise with the request
 * unchanged since. Such a request needs neither its device nor Graph any more. `edition` names what
 * the request asks for today.
 */
export function isEnded({ standing }: Pick<RequestHistory, "standing">, edition: string): boolean {
  switch (standing?.outcome) {
    case "succeeded":
      return true;
    case "failed":
    case "expired":
      return standing.edition === edition;
    case "pending":
    case "awaitingApproval":
    case "awaitingSignIn":
    case "ambiguous":
    case undefined:
      return false;
  }
}

/**
 * True for a request that was begun and that nobody knows the end of: what it sent may still
 * destroy data.
 */
export function isUnsettled(history: RequestHistory): boolean {
  if (history.records.length === 0) return false;
  const outcome = history.standing?.outcome;
  if (outcome === "succeeded" || outcome === "failed") return false;
  if (outcome !== "expired") return true;
  const steps = history.begun?.plan.steps ?? [];
  return steps.some((step) => destroysData(step.action) && mayTakeEffect(stepOf(history, step)));
}

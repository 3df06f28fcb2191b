import type { PlannedDevice, PlanStep } from "../../providers/domain/plan.ts";
import type { StepState } from "../../providers/domain/request-history.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { historyOf, stepOf } from "../../providers/engine/history.ts";

/**
 * A step that only a person can settle, after a run has looked: nobody can tell whether Graph took
 * it (`inDoubt`), or the device never told the end of what Graph took (`accepted`) or of what
 * somebody else had started (`adopted`).
 */
export interface Doubt {
  readonly step: PlanStep;
  readonly state: Extract<StepState, { kind: "inDoubt" | "accepted" | "adopted" }>;
}

/** `why` says in a sentence why there is nothing to settle. */
export type DoubtAnswer =
  | { readonly kind: "doubt"; readonly doubt: Doubt }
  | { readonly kind: "none"; readonly why: string; readonly next: NextCommand };

/** The command to type next where nothing is to be settled; null where there is none. */
export type NextCommand = "show" | "up" | null;

/**
 * Whether there is something to settle. A step that a run left behind without an outcome is not:
 * the next run looks at the device first, and may find out by itself.
 */
export function findDoubt(records: readonly RequestRecord[]): DoubtAnswer {
  const history = historyOf(records);
  const { begun, standing: outcome } = history;
  if (begun === null) return none("nothing was done for it yet", "show");
  for (const step of begun.plan.steps) {
    const state = stepOf(history, step);
    if (state.kind !== "inDoubt" && state.kind !== "accepted" && state.kind !== "adopted") continue;
    if (outcome !== null) return { kind: "doubt", doubt: { step, state } };
    return none(`no run has looked at the device since ${step.action} was last sent or settled`, "up");
  }
  return none(outcome === null ? "no step of it is in doubt" : `no step of it is in doubt; it is ${outcome.outcome}`, null);
}

function none(why: string, next: NextCommand): DoubtAnswer {
  return { kind: "none", why, next };
}

/** Compares step, kind of doubt and attempt, so that a decision is not taken for a later send. */
export function isSameDoubt(one: Doubt, other: Doubt): boolean {
  return one.step.index === other.step.index && one.state.kind === other.state.kind && attemptOf(one) === attemptOf(other);
}

/** The attempt that a decision is about; 0 for an action that was started elsewhere. */
export function attemptOf({ state }: Doubt): number {
  return state.kind === "adopted" ? 0 : state.intent.attempt;
}

/** The device as it was when the call was sent, or when its action was taken over. */
export function deviceOf({ state }: Doubt): PlannedDevice {
  return state.kind === "adopted" ? state.record.device : state.intent.device;
}

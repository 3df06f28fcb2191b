import {
  begunRecord,
  type IntentRecord,
  lastOutcome,
  type RequestRecord,
  type ResultRecord,
  recordsInForce,
} from "../../providers/domain/ledger-record.ts";
import type { Plan } from "../../providers/domain/plan.ts";
import { stepState } from "../../providers/engine/step-state.ts";

/** A step of which nobody can tell whether Graph took it, after a run has looked and found nothing. */
export interface Doubt {
  readonly plan: Plan;
  readonly intent: IntentRecord;
  readonly result: ResultRecord | null;
}

export type DoubtAnswer =
  | { readonly kind: "doubt"; readonly doubt: Doubt }
  | { readonly kind: "none"; readonly why: string; readonly hint: string };

/**
 * Whether there is something to settle. A step that a run left behind without an outcome is not: the next run looks at the
 * device first, and may find out by itself.
 */
export function findDoubt(records: readonly RequestRecord[]): DoubtAnswer {
  const plan = begunRecord(records)?.plan;
  if (plan === undefined) return none("nothing was done for it yet", "`npm run ledger -- show` shows what was done");
  const inForce = recordsInForce(records);
  for (const step of plan.steps) {
    const state = stepState(step, inForce);
    if (state.kind !== "inDoubt") continue;
    if (isLookedAt(inForce, state.intent)) return { kind: "doubt", doubt: { plan, intent: state.intent, result: state.result } };
    return none(
      `a run ended in the middle of ${step.action} and none has looked at the device since`,
      "`npm run up` looks, and may settle it by itself",
    );
  }
  const outcome = lastOutcome(records);
  return none(
    outcome === undefined ? "no step of it is in doubt" : `no step of it is in doubt; it is ${outcome.outcome}`,
    "nothing to settle",
  );
}

function isLookedAt(records: readonly RequestRecord[], intent: IntentRecord): boolean {
  return records.slice(records.indexOf(intent)).some((record) => record.kind === "outcome" && record.outcome === "ambiguous");
}

function none(why: string, hint: string): DoubtAnswer {
  return { kind: "none", why, hint };
}

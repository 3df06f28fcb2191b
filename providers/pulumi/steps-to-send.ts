import { recordsInForce } from "../domain/ledger-record.ts";
import type { PlanStep } from "../domain/plan.ts";
import { type StepState, stepState } from "../engine/step-state.ts";
import type { Surveyed } from "./surveyed.ts";

const TO_BE_SENT: readonly StepState["kind"][] = ["untouched", "mayBeSentAgain", "approvalRequired", "signInRequired", "adoptedJudged"];

/** What a request that has not ended may still send, by the ledger. */
export function stepsToSend({ isEnded, plan, records }: Pick<Surveyed, "isEnded" | "plan" | "records">): readonly PlanStep[] {
  if (isEnded) return [];
  const inForce = recordsInForce(records);
  return plan.steps.filter((step) => TO_BE_SENT.includes(stepState(step, inForce).kind));
}

import { WAIT_STEP } from "../../domain/actions/action-table.ts";
import type { Look } from "../../domain/observation.ts";
import type { PlanStep } from "../../domain/plan.ts";
import type { RequestHistory } from "../../domain/request-history.ts";
import { stepOf } from "../history.ts";
import { type Decision, finish } from "./decision.ts";

/**
 * What is left of a decision where nothing may be sent or started: looks at the device, and the end
 * of what Graph took. Everything else is the next run's, which asks every rule; `history` has a
 * `begun`, or nothing is ended.
 */
export function endingOnly(decision: Decision, history: RequestHistory): Decision {
  switch (decision.kind) {
    case "look":
      return decision.at.every((what) => OF_DEVICE.has(what)) ? decision : LEFT_TO_UP;
    case "resolveDoubt":
      return decision;
    case "finishStep":
      return isUnderWay(history, decision.step) ? decision : LEFT_TO_UP;
    case "wait":
      return decision.for === "gone" ? decision : LEFT_TO_UP;
    case "finish":
      return decision.rule === null ? decision : LEFT_TO_UP;
    default:
      return LEFT_TO_UP;
  }
}

/** None of these asks for a secret, or decides about a send. */
const OF_DEVICE: ReadonlySet<Look> = new Set<Look>(["device", "gone", "approval", "clock", "ledger"]);

/** Is recorded nowhere: the request stands as the last run left it. */
const REASON = "LeftToUp";
const LEFT_TO_UP = finish("pending", REASON, "what was sent was looked at, and nothing was sent; the next up goes on");

/** A step that nothing was done for is not ended, but for a wait. */
function isUnderWay(history: RequestHistory, step: PlanStep): boolean {
  if (history.begun === null) return false;
  const { kind } = stepOf(history, step);
  return step.action === WAIT_STEP || (kind !== "untouched" && kind !== "mayBeSentAgain" && kind !== "signInRequired");
}

import { describeStep, type PlanStep } from "../../domain/plan.ts";
import { requestNameOf } from "../../domain/request.ts";
import { dlrCommand } from "../../support/dlr-command.ts";
import { stepOf } from "../history.ts";
import { type Decision, finish } from "./decision.ts";
import type { Situation } from "./situation.ts";
import { isWithGraph } from "./step-state.ts";

/**
 * Waits while the run has time left, else ends it as `pending`; `open` names the step in the
 * message.
 */
export function waitForReport(situation: Situation, open: string): Decision {
  if (situation.mayWait) return { kind: "wait", for: "report" };
  return finish("pending", "Accepted", `Graph took ${open}, and the device has not reported yet; run up again to follow it`);
}

/** The next step could take away what this one makes. */
export function waitForSecret(situation: Situation, { action }: PlanStep): Decision {
  if (situation.mayWait) return { kind: "wait", for: "report" };
  const name = requestNameOf(situation.job.plan.key);
  const held = `Graph took ${action}; what it makes on the device is not in escrow yet, and the next step could take it away`;
  const message = `${held}: run up again to follow it, or settle it: ${dlrCommand("settle", situation.job.stack, [name])} --taken (or --not-taken) --why TEXT`;
  return finish("pending", "SecretOnItsWay", message);
}

/**
 * The steps that Graph has and the device has not reported, in words; empty where there are none.
 */
export function openSteps({ job, history }: Situation): string {
  const open = job.plan.steps.filter((step) => isWithGraph(stepOf(history, step)));
  return open.map(describeStep).join(", ");
}

import { findRemoteAction } from "../../domain/actions/action-table.ts";
import { describeStep, type PlanStep } from "../../domain/plan.ts";
import { requestNameOf } from "../../domain/request.ts";
import { dlrCommand } from "../../support/dlr-command.ts";
import { stepOf } from "../history.ts";
import { type Decision, finish } from "./decision.ts";
import { isUnclear } from "./match-result.ts";
import type { Situation } from "./situation.ts";
import { isWithGraph } from "./step-state.ts";
import { beforeOf } from "./whose-result.ts";

/**
 * Waits while the run has time left, else ends it as `pending`; `open` names the step in the
 * message.
 */
export function waitForReport(situation: Situation, open: string): Decision {
  if (situation.mayWait) return { kind: "wait", for: "report" };
  const message = `Graph took ${open}, and the device has not reported yet${unclearReport(situation)}; run up again to follow it`;
  return finish("pending", "Accepted", message);
}

/** Empty, or what a person has to know who wonders why a report does not count. */
function unclearReport({ job, history, seen: { device } }: Situation): string {
  if (device?.kind !== "seen") return "";
  const unclear = job.plan.steps.find((step) => {
    const [state, action] = [stepOf(history, step), findRemoteAction(step.action)];
    if (action === undefined || (state.kind !== "accepted" && state.kind !== "adopted")) return false;
    return isUnclear(action, beforeOf(state), device.value);
  });
  if (unclear === undefined) return "";
  const settle = `${dlrCommand("settle", job.stack, [requestNameOf(job.plan.key)])} --taken (or --not-taken) --why TEXT`;
  return `: ${mayBeEarlier(unclear)}. If it never does, look at the device and settle it: ${settle}`;
}

/** Why a report is no evidence. */
export function mayBeEarlier({ action }: PlanStep): string {
  return `what it reports of ${action} may be of an earlier one, for it does not say when it began`;
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

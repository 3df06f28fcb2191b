import { describeStep } from "../domain/plan.ts";
import { type Decision, finish } from "./decision.ts";
import { stepOf } from "./history.ts";
import type { Situation } from "./situation.ts";
import { isWithGraph } from "./step-state.ts";

export function waitForReport(situation: Situation, open: string): Decision {
  if (situation.mayWait) return { kind: "wait", for: "report", atMostMs: Number.POSITIVE_INFINITY };
  return finish("pending", "Accepted", `Graph took ${open}, and the device has not reported yet; run up again to follow it`);
}

/** The steps that Graph has and the device has not reported, in words; empty where there are none. */
export function openSteps({ job, history }: Situation): string {
  const open = job.plan.steps.filter((step) => isWithGraph(stepOf(history, step)));
  return open.map(describeStep).join(", ");
}

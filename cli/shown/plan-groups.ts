import { describeStep } from "../../providers/domain/plan.ts";
import type { ReviewedRequest } from "../../review/review.ts";

/** Requests for which `up` does the same; `label` stands in their rows: `A`, `B` … `Z`, `AA`. */
export interface PlanGroup {
  readonly label: string;
  /** What `up` does first. */
  readonly does: string;
  /** All steps of the plan, those that are done included. */
  readonly steps: string;
  readonly requests: readonly ReviewedRequest[];
}

/** In the order in which the files have the first of each. */
export function groupByPlan(requests: readonly ReviewedRequest[]): readonly PlanGroup[] {
  const groups = Map.groupBy(requests, ({ next, steps }) => JSON.stringify([next.text, steps.map(({ action }) => action)]));
  return [...groups.values()].map((members, index) => ({
    label: labelOf(index),
    does: members[0]?.next.text ?? "",
    steps: stepsOf(members),
    requests: members,
  }));
}

const LETTERS = 26;

function labelOf(index: number): string {
  const last = String.fromCodePoint(65 + (index % LETTERS));
  return index < LETTERS ? last : `${labelOf(Math.floor(index / LETTERS) - 1)}${last}`;
}

/** Parameters that every device has alike are said; `{…}` says that they are each device's own. */
function stepsOf(members: readonly ReviewedRequest[]): string {
  const [first] = members;
  if (first === undefined) return "";
  const steps = first.steps.map((step, index) => {
    const text = describeStep(step);
    const isCommon = members.every((member) => text === describeStep(member.steps[index] ?? step));
    return isCommon ? text : `${step.action} {…}`;
  });
  return steps.join(" → ");
}

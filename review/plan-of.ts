import { type Plan, planDifferences } from "../providers/domain/plan.ts";
import type { ReviewedRequest } from "./review.ts";

/** The plan that was reviewed. */
export function planOf({ key, playbook, device, path, steps }: ReviewedRequest): Plan {
  return { key, playbook, device, path, steps: steps.map(({ action, parameters }, index) => ({ index, action, parameters })) };
}

/** What will be sent other than reviewed, in words; empty where nothing differs. */
export function differencesFromReview(reviewed: ReviewedRequest, plan: Plan): readonly string[] {
  const before = planOf(reviewed);
  const { serialNumber, enrolledDateTime } = before.device;
  const now = plan.device;
  return [
    // By what name the steps are known is nothing that is sent.
    ...planDifferences({ ...before, playbook: plan.playbook }, plan),
    ...changed("serial number", serialNumber, now.serialNumber),
    ...changed("enrolled", enrolledDateTime, now.enrolledDateTime),
  ];
}

function changed(what: string, before: string | null, now: string | null): readonly string[] {
  return before === now ? [] : [`${what}: ${before ?? "unknown"} → ${now ?? "unknown"}`];
}

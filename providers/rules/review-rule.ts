import { planIsGuarded } from "../domain/plan.ts";
import { defineRule } from "./rule.ts";

/** Whoever approved a preview approved what it showed, and nothing that came after it. */
export const reviewRule = defineRule({
  id: "not-reviewed",
  code: null,
  reason: "NotReviewed",
  outcome: "pending",
  asked: ["step"],
  key: "plan",
  when: "the run has a review (`up --reviewed FILE`), or `requireReview` is set, and the review does not have this very request: device, enrolment, serial number, path, steps and parameters; of what destroys data or puts a secret into escrow. A review of another Graph, tenant or ledger, or older than 7 days, has none. A run with `followOnly` starts nothing, and may finish what was begun",
  goOn: "save a new review, have it approved, and run `up --reviewed` with it ([reviews](reviews.md))",
  applies: ({ plan, run }) => planIsGuarded(plan) && !run.followOnly,
  needs: ["review"],
  judge: (_, { review }) =>
    review.kind === "seen" ? { message: review.value, hint: "nothing was sent; save a new review and have it approved" } : null,
});

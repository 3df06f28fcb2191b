import { destroysData, ESCROW_STEP, locksOut, WAIT_STEP } from "../../providers/domain/actions/action-table.ts";
import type { Outcome } from "../../providers/domain/outcome.ts";
import { count } from "../../providers/support/words.ts";
import type { Review, ReviewedRequest } from "../../review/review.ts";

/** What `up` does for a request, by the worst of the steps that are left. */
export type Effect = "erases" | "locks" | "reads" | "acts" | "follows" | Exclude<Outcome, "succeeded"> | "nothing";

/**
 * Only what `up` would do counts, also after it has followed an earlier step: a request that is
 * held, or will not run, erases nothing.
 */
export function effectOf({ next, steps }: Pick<ReviewedRequest, "next" | "steps">): Effect {
  if (next.kind === "ends") return next.outcome === null || next.outcome === "succeeded" ? "nothing" : next.outcome;
  const left = steps.filter((step) => step.left && step.action !== WAIT_STEP).map(({ action }) => action);
  if (left.some(destroysData)) return "erases";
  if (left.some(locksOut)) return "locks";
  if (next.kind === "follows" || left.length === 0) return "follows";
  return left.every((action) => action === ESCROW_STEP) ? "reads" : "acts";
}

const WORDS: readonly (readonly [Effect, (number: number) => string])[] = [
  ["erases", (number) => `ERASES ${count(number, "device")}`],
  ["locks", (number) => `locks ${number}`],
  ["acts", (number) => `acts on ${number}`],
  ["reads", (number) => `reads ${number}`],
  ["follows", (number) => `follows ${number}`],
  ["awaitingApproval", (number) => `${number} ${number === 1 ? "waits" : "wait"} for approval`],
  ["awaitingSignIn", (number) => `${number} ${number === 1 ? "waits" : "wait"} for a sign-in`],
  ["pending", (number) => `${number} held`],
  ["ambiguous", (number) => `${number} to be settled`],
  ["failed", (number) => `${number} will not run`],
  ["expired", (number) => `${number} expired`],
];

/**
 * `ERASES 30 devices · locks 2 · 3 will not run · 2 of 5 destructive actions left today`: what is
 * worst first; the last part counts the 24 hours before this run.
 */
export function renderTotals({ requests, refusals, guards }: Review): string {
  if (refusals.length > 0) return `REFUSED: ${count(refusals.length, "mistake")}, and nothing would be done`;
  const effects = requests.map(effectOf);
  const parts = WORDS.flatMap(([effect, words]) => {
    const number = effects.filter((one) => one === effect).length;
    return number === 0 ? [] : [words(number)];
  });
  return [...(parts.length === 0 ? ["nothing to do"] : parts), ...leftToday(guards, effects)].join(" · ");
}

function leftToday(guards: Review["guards"], effects: readonly Effect[]): readonly string[] {
  if (guards === null) return [];
  const { maxDestructive, maxDisruptive } = guards;
  return [
    `${Math.max(0, maxDestructive.limit - maxDestructive.used)} of ${maxDestructive.limit} destructive actions left today`,
    ...(effects.includes("locks")
      ? [`${Math.max(0, maxDisruptive.limit - maxDisruptive.used)} of ${maxDisruptive.limit} that lock people out`]
      : []),
  ];
}

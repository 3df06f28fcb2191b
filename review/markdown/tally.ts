import type { Outcome } from "../../providers/domain/outcome.ts";
import { count, listed } from "../../providers/support/words.ts";
import type { Review, ReviewedRequest } from "../review.ts";

/** True where the next `up` destroys data for the request, or goes on to it. */
export function loses({ next, steps }: ReviewedRequest): boolean {
  return next.kind === "acts" && steps.some(({ destroysData, left }) => destroysData && left);
}

/** True where the next `up` would do nothing about a request, and somebody has to. */
export function isBlocked({ next }: ReviewedRequest): boolean {
  return next.kind === "ends" && next.outcome !== "succeeded";
}

/** True where an `up` acts on a device, or ends what is expired or cannot be done. */
export function hasWork({ requests, refusals }: Review): boolean {
  const isOver = ({ next }: ReviewedRequest) => next.outcome === "failed" || next.outcome === "expired";
  return refusals.length === 0 && requests.some((request) => request.next.kind === "acts" || isOver(request));
}

/** What would come of the review, in one sentence: what is worst first. */
export function verdict(review: Review): string {
  if (review.refusals.length > 0) return `refused: ${count(review.refusals.length, "mistake")}, and nothing would be done`;
  const { requests } = review;
  const losing = requests.filter(loses).length;
  const acting = requests.filter((request) => request.next.kind === "acts").length - losing;
  const parts = [
    ...(losing === 0 ? [] : [`${count(losing, "device")} ${losing === 1 ? "loses" : "lose"} all data`]),
    ...(acting === 0 ? [] : [`${acting} ${acting === 1 ? "is" : "are"} acted on without losing data`]),
    ...ENDS.flatMap(([outcome, one, several]) => ended(requests, outcome, one, several)),
    ...followed(requests),
  ];
  if (parts.length === 0) return "nothing would be done";
  return `${losing + acting === 0 ? "nothing is sent: " : ""}${listed(parts, "and")}`;
}

/** `3 of 5 destructive actions of today left`; null where the preview did not get that far. */
export function budget({ guards }: Review): string | null {
  if (guards === null) return null;
  const { limit, used } = guards.maxDestructive;
  return `${Math.max(0, limit - used)} of ${limit} destructive requests of 24 hours left`;
}

const ENDS: readonly (readonly [Outcome, string, string])[] = [
  ["awaitingApproval", "waits for approval", "wait for approval"],
  ["awaitingSignIn", "waits for a sign-in", "wait for a sign-in"],
  ["pending", "is held", "are held"],
  ["ambiguous", "has to be settled", "have to be settled"],
  ["failed", "will not run", "will not run"],
  ["expired", "is expired", "are expired"],
];

function ended(requests: readonly ReviewedRequest[], outcome: Outcome, one: string, several: string): readonly string[] {
  const number = requests.filter(({ next }) => next.kind === "ends" && next.outcome === outcome).length;
  return number === 0 ? [] : [`${number} ${number === 1 ? one : several}`];
}

function followed(requests: readonly ReviewedRequest[]): readonly string[] {
  const number = requests.filter(({ next }) => next.kind === "follows").length;
  return number === 0 ? [] : [`${number} ${number === 1 ? "is" : "are"} under way and looked at again`];
}

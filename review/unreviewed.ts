import { DAY_MS } from "../providers/domain/day.ts";
import type { Plan } from "../providers/domain/plan.ts";
import { describeWorld } from "../providers/domain/world.ts";
import { digestOf } from "./digest.ts";
import { differencesFromReview } from "./plan-of.ts";
import { REVIEW_LASTS_MS, type Review, type ReviewedLedger, type ReviewedRequest } from "./review.ts";

/** Whose devices a run is about to act on, and what remembers it. */
export interface RunPlace {
  readonly graph: string;
  readonly tenant: string | null;
  readonly ledger: ReviewedLedger;
}

/** Clocks of two machines may differ by this much, in milliseconds. */
const AHEAD_MS = 60 * 60 * 1000;
/** Why a plan is not what was reviewed, in words; null where it is. `now` in milliseconds. */
export function unreviewed(review: Review, plan: Plan, run: RunPlace, now: number): string | null {
  return whyOther({ review, named: `the review of ${review.at}` }, plan, run, now);
}

/**
 * Why a plan is not what a run showed before it began, in words; null where it is. What was shown
 * as held, or as one that will not run, was shown as something that sends nothing. `now` in
 * milliseconds.
 */
export function unshown(shown: Review, plan: Plan, run: RunPlace, now: number): string | null {
  const named = `the preview of ${shown.at}`;
  const next = requestsOf(shown).get(plan.key)?.next;
  return whyOther({ review: shown, named }, plan, run, now) ?? (next?.kind === "ends" ? `${named} said of it: ${next.text}` : null);
}

interface Named {
  readonly review: Review;
  /** `the review of …` */
  readonly named: string;
}

function whyOther({ review, named }: Named, plan: Plan, run: RunPlace, now: number): string | null {
  const why = whyNoReview(review, run, now);
  if (why !== null) return `${named} is none of this run: ${why}`;
  const reviewed = requestsOf(review).get(plan.key);
  if (reviewed === undefined) return `${plan.key} is not in ${named}`;
  if (reviewed.digest === digestOf(plan)) return null;
  return `what would be sent differs from ${named}: ${differencesFromReview(reviewed, plan).join("; ")}`;
}

const byKey = new WeakMap<Review, ReadonlyMap<string, ReviewedRequest>>();

/** Made once: a run asks for each of its requests. */
function requestsOf(review: Review): ReadonlyMap<string, ReviewedRequest> {
  const known = byKey.get(review) ?? new Map(review.requests.map((request) => [request.key, request]));
  byKey.set(review, known);
  return known;
}

/**
 * Why a review does not count for a run, or null: such as its age, or another ledger than the
 * run's.
 */
function whyNoReview(review: Review, run: RunPlace, now: number): string | null {
  const age = now - Date.parse(review.at);
  // Of no readable time is of no time.
  if (!(age <= REVIEW_LASTS_MS)) return `it is older than ${REVIEW_LASTS_MS / DAY_MS} days`;
  if (age < -AHEAD_MS) return "it is of a time that is still to come";
  if (review.refusals.length > 0) return "its preview was refused";
  const { graph, tenant, ledger } = review;
  if (graph !== run.graph || tenant !== run.tenant)
    return `it is of ${graph === null ? "no Graph" : describeWorld({ graph, tenant })}, and this run is of ${describeWorld(run)}`;
  return ledger !== null && isSameLedger(ledger, run.ledger)
    ? null
    : `it is of the ledger ${nameOf(ledger)}, and this run has ${nameOf(run.ledger)}`;
}

/** One that was not there when it was reviewed is the one that the run makes. */
function isSameLedger(reviewed: ReviewedLedger, now: ReviewedLedger): boolean {
  return reviewed.place === now.place && (reviewed.made === null || reviewed.made === now.made);
}

function nameOf(ledger: ReviewedLedger | null): string {
  if (ledger === null) return "of no place";
  return ledger.made === null ? ledger.place : `${ledger.place}, made ${ledger.made}`;
}

import { readFileSync } from "node:fs";
import { sha256 } from "../../review/digest.ts";
import type { Review, ReviewedLedger } from "../../review/review.ts";
import { parseReview } from "../../review/review-text.ts";
import { type RunPlace, unreviewed, unshown } from "../../review/unreviewed.ts";
import { ConfigurationError } from "../domain/errors.ts";
import type { Plan } from "../domain/plan.ts";
import type { LedgerContents } from "../domain/ports.ts";
import { REVIEWED } from "../domain/run-variables.ts";
import { savesReview } from "../support/dlr-command.ts";

/** SHA-256 of the file in `REVIEWED`, in hex: one that was changed since is refused. */
export const REVIEWED_SHA256 = "DEVICE_LIFECYCLE_REVIEWED_SHA256";

/**
 * Names the preview that `dlr up` showed, and that a person may have agreed to, before the run: no
 * review of a pull request, and held to all the same.
 */
export const SHOWN = "DEVICE_LIFECYCLE_SHOWN";

/** SHA-256 of that file, in hex. */
export const SHOWN_SHA256 = "DEVICE_LIFECYCLE_SHOWN_SHA256";

/**
 * Set for a preview that `dlr up` shows first: it has the reviews that the run after it will have.
 */
export const BEFORE_UP = "DEVICE_LIFECYCLE_BEFORE_UP";

/**
 * The review that this process is to keep to, read by the process itself; null where none is named.
 * Throws `ConfigurationError`.
 */
export function readReviewed(env: NodeJS.ProcessEnv): Review | null {
  return readNamed(env[REVIEWED], env[REVIEWED_SHA256]);
}

/** The same of the preview that was shown before this run. */
export function readShown(env: NodeJS.ProcessEnv): Review | null {
  return readNamed(env[SHOWN], env[SHOWN_SHA256]);
}

function readNamed(file = "", expected = ""): Review | null {
  if (file === "" && expected === "") return null;
  const text = readReviewFile(file);
  if (sha256(text) !== expected) {
    throw new ConfigurationError(`${file} is not the review that this run was started with: its SHA-256 is another one; nothing was sent`, {
      hint: "start the run again with the review that was approved",
    });
  }
  return parseReview(text, file);
}

/**
 * Throws `ConfigurationError`: only the program knows the stack, and refuses the run before the
 * process that sends is asked for anything.
 */
export function refuseOtherStack(review: Review, stack: string): void {
  if (review.stack === stack) return;
  throw new ConfigurationError(`the review of ${review.at} is of stack ${review.stack}, and this run is of ${stack}; nothing was sent`, {
    hint: `each stack has reviews of its own: ${savesReview(stack)}`,
  });
}

/** Throws `ConfigurationError`. */
export function readReviewFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new ConfigurationError(`the review ${JSON.stringify(file)} cannot be read; nothing was sent`, {
      cause,
      hint: `${savesReview(undefined)} writes it`,
    });
  }
}

/** What a review says of the ledger at a place. */
export function ledgerOf(place: string, { outline }: Pick<LedgerContents, "outline">): ReviewedLedger {
  return { place, made: outline.find((record) => record.kind === "created")?.at ?? null };
}

/** Why a plan is not performed, or null. */
export type ReviewGate = (plan: Plan) => string | null;

/** Why a plan is not performed that the run did not show before it began, or null. */
export function shownGate(shown: Review | null, run: RunPlace, clock: { now(): number }): ReviewGate {
  return (plan) => (shown === null ? null : unshown(shown, plan, run, clock.now()));
}

const NO_REVIEW = "requireReview is set, and this run has no review";

/** `clock` gives milliseconds: a review may grow too old while a run waits. */
export function reviewGate(review: Review | null, requireReview: boolean, run: RunPlace, clock: { now(): number }): ReviewGate {
  if (review !== null) return (plan) => unreviewed(review, plan, run, clock.now());
  return () => (requireReview ? NO_REVIEW : null);
}

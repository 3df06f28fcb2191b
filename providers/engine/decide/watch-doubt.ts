import type { PlanStep } from "../../domain/plan.ts";
import type { StepInDoubt } from "../../domain/request-history.ts";
import type { Situation } from "./situation.ts";

type Watching =
  | { readonly kind: "wait"; readonly atLeastMs: number; readonly atMostMs: number }
  /** This run has no time left; the next one looks. */
  | { readonly kind: "later" }
  /** It was looked at often enough, for long enough. */
  | { readonly kind: "over" };

/**
 * Looks that a doubt gets in the run in which it came up, spread over the grace period; a call of a
 * run that died gets them all in the next one.
 */
const LOOKS = 3;
/** Looks that are taken where the grace period was over before this run began. */
const LATE_LOOKS = 2;
const LATE_PAUSE_MS = 5_000;

/**
 * Whether a doubt that the device said nothing about is to be watched on. Its grace period begins
 * when the doubt does, not with the call.
 */
export function watchDoubt(situation: Situation, step: PlanStep, doubt: StepInDoubt): Watching {
  const { now, isClockSure, graceMs, mayWait, sentNow } = situation;
  const watch = situation.doubts.get(step.index) ?? { since: now, looks: 0 };
  const began = isClockSure ? Date.parse(doubt.result?.at ?? doubt.intent.at) : Number.NaN;
  // Where the clocks differ, or without a time, it begins with our first look.
  const since = Number.isNaN(began) ? watch.since : Math.min(began, watch.since);
  const left = Math.max(0, Math.min(graceMs, since + graceMs - now));
  if (left === 0 && watch.looks + 1 >= looksWanted(situation, step, doubt)) return { kind: "over" };
  if (mayWait && left > 0) return { kind: "wait", atLeastMs: 0, atMostMs: Math.min(left, graceMs / LOOKS) };
  if (mayWait) return { kind: "wait", atLeastMs: LATE_PAUSE_MS, atMostMs: LATE_PAUSE_MS };
  // By a clock ahead of ours it would look fresh for ever.
  const isFresh = !isClockSure || (left > 0 && began <= now);
  return { kind: isFresh || sentNow.has(step.index) ? "later" : "over" };
}

/** A doubt that a run has told already was watched then. */
function looksWanted({ history, sentNow }: Situation, step: PlanStep, { result }: StepInDoubt): number {
  if (history.standing?.outcome === "ambiguous") return 1;
  return sentNow.has(step.index) || result === null ? LOOKS : LATE_LOOKS;
}

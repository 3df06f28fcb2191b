import { mayWaitOn } from "../../support/patience.ts";
import type { GraphLimits } from "./limits.ts";

/**
 * How often a call may reach Graph. `read` and `repeatable` calls do no harm twice. A `once` call
 * is one request: who sends it again, after a 429, looks at the device again first.
 */
export type CallMode = "read" | "repeatable" | "once";

/** One try, as far as the decision needs it. */
export interface Attempt {
  readonly mode: CallMode;
  /** From 1. */
  readonly number: number;
  /** Milliseconds since the first try began. */
  readonly elapsed: number;
  /**
   * Null when no whole answer came, and for a read that something else than Graph answered with
   * 404.
   */
  readonly status: number | null;
  /** Not even a connection came about. */
  readonly unreachable: boolean;
  /** Milliseconds that the answer asked to wait, or null. */
  readonly retryAfter: number | null;
  /** A new token was already asked for. */
  readonly renewed: boolean;
}

/** `renew` asks for a new token and tries once more without a pause. */
export type RetryDecision =
  | { readonly kind: "stop" }
  | { readonly kind: "renew" }
  | { readonly kind: "wait"; readonly milliseconds: number };

const STOP: RetryDecision = { kind: "stop" };

/**
 * `chance` is a number from 0 to 1, for full jitter:
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function decideRetry(attempt: Attempt, limits: GraphLimits, chance: number): RetryDecision {
  if (attempt.status === 401 && attempt.mode !== "once" && !attempt.renewed) return { kind: "renew" };
  if (!isWorthRepeating(attempt)) return STOP;
  const milliseconds = waitBefore(attempt, limits, chance);
  const patience = { tries: attemptsOf(attempt, limits), longestWait: limits.oneDelay, whole: limits.wholeTime };
  return mayWaitOn(attempt.number, attempt.elapsed, milliseconds, patience) ? { kind: "wait", milliseconds } : STOP;
}

/** "Retry-After: 0" says no more than none. */
function waitBefore({ status, number, retryAfter }: Attempt, limits: GraphLimits, chance: number): number {
  if (status === 429) return retryAfter || throttledBackOff(number, limits, chance);
  return retryAfter ?? Math.round(chance * step(limits.baseDelay, number, limits));
}

/**
 * Half of each step is waited in any case: a server that throttles must not be asked again at
 * once.
 */
function throttledBackOff(number: number, limits: GraphLimits, chance: number): number {
  return Math.round(((1 + chance) / 2) * step(limits.throttledDelay, number, limits));
}

function step(first: number, number: number, limits: GraphLimits): number {
  return Math.min(limits.oneDelay, first * 2 ** (number - 1));
}

function attemptsOf({ unreachable }: Attempt, limits: GraphLimits): number {
  return unreachable ? Math.min(limits.connectAttempts, limits.attempts) : limits.attempts;
}

function isWorthRepeating({ mode, status }: Attempt): boolean {
  if (mode === "once") return false;
  return status === null || status === 429 || isServerTrouble(status) || isOfTheWay(status);
}

/**
 * Time-out of the request, wrong server, too early: said by what stands before Graph. Another try
 * goes another way.
 */
export function isOfTheWay(status: number): boolean {
  return status === 408 || status === 421 || status === 425;
}

/** 501 and 505 say that the server never will. */
function isServerTrouble(status: number): boolean {
  return status >= 500 && status !== 501 && status !== 505;
}

import type { Outcome } from "../domain/outcome.ts";
import type { RequestRecord } from "../domain/request-record.ts";
import { historyOf } from "./history.ts";

/**
 * How a request stands by the ledger alone; `unfinished`: something was written since the last
 * outcome, or there never was one.
 */
export type Standing = Outcome | "unfinished";

/** In the order in which a person has to look at them. */
export const STANDING_WORDS = {
  ambiguous: "in doubt",
  failed: "failed",
  expired: "expired",
  awaitingSignIn: "waiting for a sign-in",
  awaitingApproval: "waiting for approval",
  unfinished: "unfinished",
  pending: "pending",
  succeeded: "done",
} as const satisfies Readonly<Record<Standing, string>>;

/** The most urgent first, as in `STANDING_WORDS`. */
export const STANDINGS = Object.keys(STANDING_WORDS) as readonly Standing[];

/** Of one request's records, in the ledger's order. */
export function standingOf(records: readonly RequestRecord[]): Standing {
  return historyOf(records).standing?.outcome ?? "unfinished";
}

/** How a request stands, and why, in a sentence. */
export function describeStanding(records: readonly RequestRecord[]): string {
  const { standing, lastOutcome } = historyOf(records);
  if (standing !== null) return `${standing.outcome} (${standing.message})`;
  const last = records.findLast(({ kind }) => kind !== "edited");
  if (last?.kind === "settled") return `settled as ${last.decision}; no run has gone on from there yet`;
  return lastOutcome === null ? "begun, no outcome yet" : `gone on since it was ${lastOutcome.outcome}, no new outcome yet`;
}

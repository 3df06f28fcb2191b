import { assertNever } from "../../domain/assert-never.ts";
import { printable } from "../../domain/diagnostic.ts";
import type { Condition, Outcome } from "../../domain/outcome.ts";

/** What the run says of a request after `up`: `red` makes the run fail. */
export interface OutcomeMessage {
  readonly color: "green" | "yellow" | "red";
  /** Safe on a terminal, though devices and servers had a say in it. */
  readonly text: string;
}

/**
 * A request that ended in an earlier run, and that nobody edited since, is told as a warning: its
 * run was red.
 */
export function outcomeMessageOf(outcome: Outcome, conditions: readonly Condition[], endedBefore: boolean): OutcomeMessage {
  const message = conditions.find((condition) => condition.type === "Finished")?.message ?? "";
  return { color: colorOf(outcome, endedBefore), text: printable(`${outcome}: ${message}`) };
}

function colorOf(outcome: Outcome, endedBefore: boolean): OutcomeMessage["color"] {
  switch (outcome) {
    case "succeeded":
      return "green";
    case "pending":
    case "awaitingApproval":
    case "awaitingSignIn":
      return "yellow";
    case "failed":
    case "expired":
      return endedBefore ? "yellow" : "red";
    case "ambiguous":
      return "red";
    default:
      return assertNever(outcome);
  }
}

import { ConfigurationError } from "../../providers/domain/errors.ts";
import type { SettledRecord } from "../../providers/domain/step-record.ts";
import type { Doubt } from "./find-doubt.ts";

/** What the command line says of a decision. */
export interface DecisionFlags {
  readonly taken?: true;
  readonly notTaken?: true;
  readonly why?: string;
  readonly yes?: true;
}

/** As the ledger records it; `why` is never empty. */
export type Decision = Pick<SettledRecord, "decision" | "why">;

/**
 * Null for somebody who only looks. Throws `ConfigurationError` for half a decision: nobody shall
 * believe that it was recorded.
 */
export function parseDecision({ taken, notTaken, why, yes }: DecisionFlags): Decision | null {
  const text = why?.trim() ?? "";
  if (!taken && !notTaken) {
    if (why === undefined && !yes) return null;
    throw new ConfigurationError("nothing was recorded: --why and --yes go with a decision", { hint: "say --taken or --not-taken too" });
  }
  if (text !== "") return { decision: taken ? "taken" : "not-taken", why: text };
  throw new ConfigurationError("nothing was recorded: a decision needs a reason", { hint: "add --why TEXT: what you saw, and where" });
}

/** What each decision means, by what there is to decide. */
export const QUESTIONS = {
  inDoubt: {
    taken: "It counts as taken from now on, and is never sent again.",
    "not-taken": "The next run SENDS IT AGAIN. If Graph did take it, the device gets it twice.",
  },
  accepted: {
    taken: "Graph took it; from now on it counts as done, and nobody waits for the device's report.",
    "not-taken":
      "Graph took it; from now on it counts as never done, and the request ends as failed. If it comes to something later, nobody is told.",
  },
  adopted: {
    taken: "What somebody else started counts as done from now on; this request never sends it.",
    "not-taken":
      "The next run SENDS IT, although the device reports the same action as under way. If that one comes to something, the device gets it twice.",
  },
} as const satisfies Words;

/** A decision in the past tense, for a message after it was recorded. */
export const SAID = {
  inDoubt: { taken: "was taken", "not-taken": "was not taken" },
  accepted: { taken: "is done", "not-taken": "was never done" },
  adopted: { taken: "is done", "not-taken": "came to nothing" },
} as const satisfies Words;

type Words = Readonly<Record<Doubt["state"]["kind"], Readonly<Record<Decision["decision"], string>>>>;

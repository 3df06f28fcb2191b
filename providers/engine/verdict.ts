import { GraphReadError, SignInError } from "../domain/errors.ts";
import type { OutcomeRecord } from "../domain/ledger-record.ts";
import type { Verdict } from "./job.ts";

/** What an earlier run said. */
export function verdictOf({ outcome, reason, message }: OutcomeRecord): Verdict {
  return { outcome, reason, message };
}

/** Graph that cannot be read is no failure of ours: what was done is kept, and the next run goes on. Anything else is thrown on. */
export function verdictOfGraph(error: unknown): Verdict {
  if (error instanceof GraphReadError) return { outcome: "pending", reason: "GraphNotReadable", message: whyUnreadable(error) };
  if (error instanceof SignInError) return { outcome: "awaitingSignIn", reason: "NoToken", message: `${error.message}; ${error.hint}` };
  throw error;
}

export function whyUnreadable({ message, hint }: GraphReadError): string {
  return [message, hint, "run up again"].filter((text) => text !== "").join("; ");
}

import { GraphReadError, NotVisibleError, SignInError } from "../../domain/errors.ts";
import type { Unreadable } from "../../domain/observation.ts";
import type { OutcomeRecord } from "../../domain/request-record.ts";
import type { Verdict } from "../job.ts";

/** What an earlier run said. */
export function verdictOf({ outcome, reason, message }: OutcomeRecord): Verdict {
  return { outcome, reason, message };
}

/** Why something could not be seen: no evidence of anything. */
export function unreadableOf(error: GraphReadError): { readonly reason: Unreadable["reason"]; readonly message: string } {
  const message = [error.message, error.hint, "run up again"].filter((text) => text !== "").join("; ");
  return { reason: error instanceof NotVisibleError ? NOT_VISIBLE : "GraphNotReadable", message };
}

/** Reason of what waits because a device is not shown, and is not proven to be gone either. */
export const NOT_VISIBLE = "NotVisible";

/**
 * `pending` where Graph cannot be read, and `awaitingSignIn` where there is no token: what was done
 * is kept, and the next run goes on. Any other error is thrown on.
 */
export function verdictOfGraph(error: unknown): Verdict {
  if (error instanceof GraphReadError) return { outcome: "pending", ...unreadableOf(error) };
  if (error instanceof SignInError) return { outcome: "awaitingSignIn", reason: "NoToken", message: `${error.message}; ${error.hint}` };
  throw error;
}

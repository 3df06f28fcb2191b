import { assertNever } from "../../domain/assert-never.ts";
import { mendableDrift } from "../drift-findings.ts";
import type { LifecycleInputs, LifecycleOutputs } from "../state.ts";

/**
 * Whether `up` has something to do for a resource: decided by the outcome that state holds. Pure:
 * no request to Graph, no look at the ledger.
 */
export function hasChanges(state: Partial<LifecycleOutputs>, inputs: Pick<LifecycleInputs, "request">): boolean {
  if (state.outcome === undefined || state.request?.generation !== inputs.request.generation) return true;
  switch (state.outcome) {
    case "pending":
    case "awaitingApproval":
    case "awaitingSignIn":
    case "ambiguous":
      return true;
    case "failed":
    case "expired":
      return state.edition !== inputs.request.edition;
    case "succeeded":
      return inputs.request.onDrift === "repeat" && mendableDrift(state) !== null;
    default:
      return assertNever(state.outcome);
  }
}

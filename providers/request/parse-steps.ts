import { WAIT_STEP } from "../domain/actions/action-table.ts";
import { isObject, type JsonObject } from "../domain/json.ts";
import type { StepSpec } from "../domain/request.ts";
import type { StepField } from "./fields.ts";

/**
 * `waitFor` has a word where other steps have parameters: `{ waitFor: done }` waits for the state
 * done.
 */
export function parseSteps(fields: readonly StepField[]): readonly StepSpec[] {
  return fields.map(parseStep);
}

function parseStep(field: StepField): StepSpec {
  if (typeof field === "string") return { action: field, parameters: {} };
  const [action, parameters] = Object.entries(field)[0] ?? ["", {}];
  if (action === WAIT_STEP) return { action, parameters: { state: typeof parameters === "string" ? parameters : "done" } };
  return { action, parameters: isObject(parameters) ? (parameters as JsonObject) : {} };
}

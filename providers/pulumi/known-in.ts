import { isObject } from "../domain/json.ts";
import { requestKey } from "../domain/request.ts";
import type { KnownRequest } from "../rules/known-ledger-rules.ts";
import { mendableDrift } from "./drift-findings.ts";
import { requestsIn } from "./shelf-state.ts";

/** Empty for outputs that no run of ours wrote; of a shelf all that stand on it. */
export function knownIn(outputs: unknown): readonly KnownRequest[] {
  return requestsIn(outputs).flatMap(knownOf);
}

/** Of the outputs of one request. */
export function knownOf(outputs: unknown): readonly KnownRequest[] {
  if (!isObject(outputs) || outputs.outcome === undefined || !isObject(outputs.request)) return [];
  const { name, generation } = outputs.request;
  if (typeof name !== "string" || typeof generation !== "number") return [];
  const steps = Array.isArray(outputs.steps) ? outputs.steps.filter(isObject) : [];
  const calls = steps.map((step) => step.clientRequestId).filter((id) => typeof id === "string");
  const drift = mendableDrift(outputs);
  return [{ key: requestKey({ name, generation }), calls, ...(drift === null ? {} : { drift }) }];
}

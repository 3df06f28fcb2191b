import { DRIFT_KINDS, DRIFTS, type DriftFinding } from "../domain/drift.ts";
import { isObject } from "../domain/json.ts";

/**
 * What the last refresh left in the outputs of a resource. Older versions kept one finding, as the
 * condition `Drifted`; of what no version wrote there is none.
 */
export function findingsOf(outputs: unknown): readonly DriftFinding[] {
  if (!isObject(outputs)) return [];
  const kept = Array.isArray(outputs.drift) ? outputs.drift.filter(isFinding) : [];
  if (kept.length > 0) return kept;
  const conditions: readonly unknown[] = Array.isArray(outputs.conditions) ? outputs.conditions : [];
  const drifted = conditions.filter(isObject).find(({ type }) => type === "Drifted");
  if (drifted === undefined) return [];
  const { reason: kind, message, lastTransitionTime: at } = drifted;
  const about = kind === "BypassCodeChanged" ? "bypassCode" : "device";
  return [{ kind, about, state: "known", message, firstSeen: at, lastSeen: at }].filter(isFinding);
}

function isFinding(value: unknown): value is DriftFinding {
  if (!isObject(value) || !DRIFT_KINDS.some((kind) => kind === value.kind)) return false;
  const { state, about, message, firstSeen, lastSeen } = value;
  const isState = state === "new" || state === "known" || state === "resolved";
  return isState && [about, message, firstSeen, lastSeen].every((text) => typeof text === "string");
}

/** Those that are not over, the weightiest first. */
export function openFindings(outputs: unknown): readonly DriftFinding[] {
  return findingsOf(outputs).filter(({ state }) => state !== "resolved");
}

/**
 * Open findings that the steps of the request, done anew, end. A plan is for one enrolment: it has
 * nothing for a device that left or was enrolled anew. Only the bypass code can be had again: what
 * else was escrowed was shown once.
 */
export function mendable(outputs: unknown): readonly DriftFinding[] {
  const reference = isObject(outputs) && isObject(outputs.bypassCode) ? outputs.bypassCode.reference : null;
  const open = openFindings(outputs);
  // Whose enrolment is over, or cannot be seen, the steps would not reach, or reach another one.
  if (open.some(({ about }) => about === "device")) return [];
  return open.filter(({ kind, about }) => DRIFTS[kind].isMended && (about === "bypassCode" || about === reference));
}

/** Why the steps are done anew, in one sentence; null where nothing is to be mended. */
export function mendableDrift(outputs: unknown): string | null {
  const found = mendable(outputs);
  return found.length === 0 ? null : found.map(({ message }) => message).join("; ");
}

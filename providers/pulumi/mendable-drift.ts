import { isObject } from "../domain/json.ts";

/**
 * What the last refresh found that the steps of a request, done anew, undo: its message, or null. A
 * plan is for one enrolment: it has nothing for a device that left or was enrolled anew.
 */
export function mendableDrift(conditions: unknown): string | null {
  const list: readonly unknown[] = Array.isArray(conditions) ? conditions : [];
  const found = list.filter(isObject).find(({ type, reason }) => type === "Drifted" && reason === "BypassCodeChanged");
  return found === undefined ? null : String(found.message);
}

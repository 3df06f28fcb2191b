import type { ResultSnapshot } from "../../domain/step-record.ts";

/**
 * Milliseconds since the epoch; null for no time, also for the year 1, which Graph writes where it
 * has none.
 */
export function momentOf(text: string | null | undefined): number | null {
  const moment = text === null || text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(moment) || moment < 0 ? null : moment;
}

/** True for a run that may still end; a state that is new to us counts as open. */
export function isOpen({ actionState }: Pick<ResultSnapshot, "actionState">): boolean {
  return actionState === "pending" || actionState === "active" || actionState === "unknown";
}

/**
 * One run of an action keeps its start; where a start is missing, only an entry that did not change
 * at all is surely the old one.
 */
export function isSameRun(old: ResultSnapshot, result: ResultSnapshot): boolean {
  const [oldStart, start] = [momentOf(old.startDateTime), momentOf(result.startDateTime)];
  if (oldStart !== null && start !== null) return oldStart === start;
  return momentOf(old.lastUpdatedDateTime) === momentOf(result.lastUpdatedDateTime) && old.actionState === result.actionState;
}

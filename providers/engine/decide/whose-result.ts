import type { StepState } from "../../domain/request-history.ts";
import type { AdoptedRecord, IntentRecord, ResultSnapshot } from "../../domain/step-record.ts";
import { isOpen, isSameRun, momentOf } from "./result-times.ts";

/**
 * What Graph reported of the device when an action was sent, or found under way: what tells the
 * action's own result from others.
 */
export interface Before {
  readonly snapshot: readonly ResultSnapshot[];
  /** Null where nobody read it. */
  readonly managementState: string | null;
  /**
   * By Graph's own clock nothing of the action began before it: milliseconds since the epoch; null
   * where nobody can tell.
   */
  readonly since: number | null;
  /** Somebody else had started it: what was under way is the action itself. */
  readonly isTakenOver: boolean;
}

/** Servers of one service may differ so much, in milliseconds. */
const SKEW_MS = 30_000;

/**
 * `since` is Graph's own time of the last look, less what its servers may differ; null in records
 * of older versions.
 */
export function beforeIntent({ snapshot, managementState, graphTime }: IntentRecord): Before {
  return { snapshot, managementState, since: withSkew(graphTime), isTakenOver: false };
}

/** An adopted action is looked for since its own start, a sent one since its intent. */
export function beforeOf(state: Extract<StepState, { readonly kind: "accepted" | "adopted" }>): Before {
  return state.kind === "accepted" ? beforeIntent(state.intent) : beforeAdopted(state.record);
}

function beforeAdopted({ snapshot, result, graphTime }: AdoptedRecord): Before {
  const since = momentOf(result.startDateTime) ?? withSkew(graphTime);
  return { snapshot, managementState: null, since, isTakenOver: true };
}

function withSkew(graphTime: string | undefined): number | null {
  const moment = momentOf(graphTime);
  return moment === null ? null : moment - SKEW_MS;
}

/**
 * `own`: it began after what was seen before. `other`: it was there before, or began before.
 * `unclear`: it may be an older entry that only changed, or shows only now: evidence of nothing.
 * `reported` is all that the device reports of the action now, and `before.snapshot` all that it
 * reported of it then.
 */
export function whoseResult(result: ResultSnapshot, before: Before, reported: readonly ResultSnapshot[]): "own" | "other" | "unclear" {
  const { snapshot, since, isTakenOver } = before;
  if (since !== null && (latestStart(result) ?? since) < since) return "other";
  if (snapshot.some((old) => isSameRun(old, result))) return "other";
  // That it was not shown before is no proof that it was not there.
  if (since !== null && !isTakenOver && latestStart(result) === null && !isOpen(result)) return "unclear";
  const changed = snapshot.filter((old) => old.actionState !== "none" && !reported.some((now) => isSameRun(old, now)));
  return changed.some((old) => mayBe(old, result, since)) ? "unclear" : "own";
}

/** No later than this it began. */
function latestStart({ startDateTime, lastUpdatedDateTime }: ResultSnapshot): number | null {
  return momentOf(startDateTime) ?? momentOf(lastUpdatedDateTime);
}

/**
 * Whether the entry may be the old one, changed. What has ended does not begin again; two starts
 * are two runs.
 */
function mayBe(old: ResultSnapshot, result: ResultSnapshot, since: number | null): boolean {
  if (isOpen(result) && !isOpen(old)) return false;
  if (momentOf(result.startDateTime) === null) return true;
  return momentOf(old.startDateTime) === null && since === null;
}

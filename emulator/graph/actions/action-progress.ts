import { shownMs } from "../../../providers/domain/actions/result-secret.ts";
import { DAY_MS } from "../../../providers/domain/day.ts";
import type { JsonObject } from "../../../providers/domain/json.ts";
import type { ActionState } from "../../../providers/domain/managed-device.ts";
import type { DeviceState, PendingAction } from "../devices/device-state.ts";
import { graphTime } from "../devices/timestamps.ts";

/** How long Graph shows a place. */
const PLACE_VISIBLE_MS = DAY_MS;

/** pending until half of the check-in delay, then active, then how it ends. */
export function stateAt(action: PendingAction, now: number): ActionState {
  if (now >= action.dueAt) return action.ending;
  return now >= halfway(action) ? "active" : "pending";
}

/** What `deviceActionResults` holds: one entry per name, the newest. */
export function actionResults(device: DeviceState, now: number): readonly JsonObject[] {
  const reported = device.actions.filter((action) => action.action.result.kind === "reported" && !action.isSilent);
  const names = new Set(reported.map((action) => action.actionName));
  const newest = reported.filter((action, index) => !reported.slice(index + 1).some((later) => later.actionName === action.actionName));
  const given = device.givenResults.filter((result) => typeof result.actionName !== "string" || !names.has(result.actionName));
  return [...given, ...newest.map((action) => renderResult(device, action, now))];
}

/**
 * The word of the newest wipe, retire or delete that is under way or went wrong; null when there is
 * none.
 */
export function managementStateOf(device: DeviceState, now: number): string | null {
  for (const action of device.actions.toReversed()) {
    const words = action.action.result.kind === "reported" ? action.action.result.managementStates : undefined;
    if (words === undefined || action.isSilent) continue;
    const state = stateAt(action, now);
    return Object.keys(words).find((word) => words[word] === state) ?? null;
  }
  return null;
}

function renderResult(device: DeviceState, action: PendingAction, now: number): JsonObject {
  const state = stateAt(action, now);
  const base = {
    actionName: action.actionName,
    actionState: state,
    startDateTime: action.startDateTime,
    lastUpdatedDateTime: state === "pending" ? action.startDateTime : graphTime(state === "active" ? halfway(action) : action.dueAt),
  };
  const { finding } = action;
  if (finding === null) return base;
  const visible = state === "done" && isShown(device, action, now);
  return { "@odata.type": finding.type, ...base, errorCode: 0, [finding.property]: visible ? finding.value : null };
}

/** The PIN of a locked Mac goes away with the next action that is sent. */
function isShown(device: DeviceState, action: PendingAction, now: number): boolean {
  const secret = action.action.result.kind === "reported" ? action.action.result.secret : undefined;
  if (secret?.kind === "unlockPin" && device.actions.at(-1) !== action) return false;
  return now - action.dueAt < (secret === undefined ? PLACE_VISIBLE_MS : shownMs(secret));
}

function halfway(action: PendingAction): number {
  return action.startedAt + (action.dueAt - action.startedAt) / 2;
}

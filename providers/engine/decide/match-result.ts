import type { RemoteAction } from "../../domain/actions/action-table.ts";
import type { ActionState, DeviceActionResult, ManagedDevice } from "../../domain/managed-device.ts";
import type { ResultSnapshot } from "../../domain/step-record.ts";
import { isOpen, isSameRun, momentOf } from "./result-times.ts";
import { type Before, whoseResult } from "./whose-result.ts";

/**
 * What the device says of an action: the entry that tells, or only a state where `managementState`
 * tells.
 */
export interface ActionReport {
  readonly state: ActionState;
  readonly result: DeviceActionResult | null;
}

/**
 * Graph does not document the names in `actionName`; they are compared without case and
 * punctuation.
 */
export function namesAction(action: RemoteAction, actionName: string): boolean {
  if (action.result.kind === "none") return false;
  const name = plain(actionName);
  return action.result.names.some((known) => plain(known) === name);
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** The newest thing that the device reports of the action and that is the action's own, or null. */
export function newReport(action: RemoteAction, before: Before, device: ManagedDevice): ActionReport | null {
  const newest = newestOf(resultsOf(action, before, device, "own"));
  if (newest !== null) return { state: newest.actionState, result: newest };
  const state = managementStateOf(action, device.managementState);
  return state === null || !isNewState(action, before, device.managementState) ? null : { state, result: null };
}

/** The device reports something of the action that may be an older run of it: it names no start. */
export function isUnclear(action: RemoteAction, before: Before, device: ManagedDevice): boolean {
  return resultsOf(action, before, device, "unclear").length > 0;
}

function resultsOf(action: RemoteAction, before: Before, device: ManagedDevice, whose: ReturnType<typeof whoseResult>) {
  const isMeant = ({ actionName }: ResultSnapshot) => namesAction(action, actionName);
  const reported = device.deviceActionResults.filter(isMeant);
  const then = { ...before, snapshot: before.snapshot.filter(isMeant) };
  return reported.filter((result) => result.actionState !== "none" && whoseResult(result, then, reported) === whose);
}

/** Null also where the newest are closed, of one instant, and contradict each other. */
function newestOf(results: readonly DeviceActionResult[]): DeviceActionResult | null {
  const latest = Math.max(...results.map(timeOf));
  const newest = results.filter((result) => timeOf(result) === latest);
  const [first = null] = newest;
  const isOne = newest.every(({ actionState }) => actionState === first?.actionState);
  return newest.find(isOpen) ?? (isOne ? first : null);
}

/**
 * An entry without a start counts as the newest while it is open, and as the oldest once it is
 * closed: doubt is never success.
 */
function timeOf(result: ResultSnapshot): number {
  return momentOf(result.startDateTime) ?? (isOpen(result) ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
}

/**
 * What was under way before may only have moved on; what nobody read before may have been there.
 */
function isNewState(action: RemoteAction, before: Before, now: string | null): boolean {
  if (before.isTakenOver) return true;
  const then = managementStateOf(action, before.managementState);
  return before.managementState !== null && before.managementState !== now && (then === null || !isOpen({ actionState: then }));
}

/**
 * What `managementState` says of the action, or null: it is all there is where Graph leaves
 * `deviceActionResults` empty.
 */
function managementStateOf(action: RemoteAction, managementState: string | null): ActionState | null {
  if (action.result.kind === "none" || managementState === null) return null;
  const states = action.result.managementStates ?? {};
  return Object.hasOwn(states, managementState) ? (states[managementState] ?? null) : null;
}

/**
 * The same action under way on the device right now, or null: an entry, or `managementState` where
 * no entry tells of the action. An entry that was `setAside` does not count.
 */
export function underWay(action: RemoteAction, device: ManagedDevice, setAside?: ResultSnapshot): DeviceActionResult | null {
  const entries = device.deviceActionResults.filter((result) => namesAction(action, result.actionName) && result.actionState !== "none");
  const counts = (entry: ResultSnapshot) => isOpen(entry) && (setAside === undefined || !isSameRun(setAside, entry));
  if (entries.length > 0) return entries.find(counts) ?? null;
  if (setAside !== undefined) return null;
  const times = {
    actionName: action.name,
    actionState: managementStateOf(action, device.managementState) ?? "none",
    startDateTime: null,
    lastUpdatedDateTime: null,
  };
  return isOpen(times) ? times : null;
}

/** The results as the ledger may hold them: without secrets, and without the one named. */
export function snapshotOf(device: ManagedDevice, besides: DeviceActionResult | null = null): readonly ResultSnapshot[] {
  return device.deviceActionResults.filter((result) => result !== besides).map(withoutSecret);
}

/** When that was, as a record keeps it. */
export function graphTimeOf({ graphTime }: ManagedDevice): { readonly graphTime?: string } {
  return graphTime === undefined ? {} : { graphTime };
}

/** Keeps name, state and times, since the ledger must hold no passcode and no PIN. */
export function withoutSecret(result: DeviceActionResult): ResultSnapshot {
  const { actionName, actionState, startDateTime, lastUpdatedDateTime } = result;
  return { actionName, actionState, startDateTime, lastUpdatedDateTime };
}

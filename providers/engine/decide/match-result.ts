import type { RemoteAction } from "../../domain/actions/action-table.ts";
import type { ResultSnapshot } from "../../domain/ledger-record.ts";
import type { ActionState, DeviceActionResult, ManagedDevice } from "../../domain/managed-device.ts";

/**
 * What the device says of an action: the entry that tells, or only a state where `managementState`
 * tells.
 */
export interface ActionReport {
  readonly state: ActionState;
  readonly result: DeviceActionResult | null;
}

/** What Graph reported of the device before: anything that is not in it is new. */
export interface Before {
  readonly snapshot: readonly ResultSnapshot[];
  readonly managementState: string | null;
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

/**
 * The newest thing that the device reports of the action and did not report before, or null. Only
 * Graph's own times are compared, with each other: our clock may be wrong.
 */
export function newReport(action: RemoteAction, before: Before, device: ManagedDevice): ActionReport | null {
  const fresh = device.deviceActionResults.filter((result) => namesAction(action, result.actionName) && !wasThere(result, before.snapshot));
  const newest = fresh.reduce<DeviceActionResult | null>((best, result) => (best === null || isLater(result, best) ? result : best), null);
  if (newest !== null && newest.actionState !== "none") return { state: newest.actionState, result: newest };
  if (device.managementState === before.managementState) return null;
  const state = managementStateOf(action, device);
  return state === null ? null : { state, result: null };
}

/**
 * What `managementState` says of the action, or null: it is all there is where Graph leaves
 * `deviceActionResults` empty.
 */
function managementStateOf(action: RemoteAction, device: ManagedDevice): ActionState | null {
  if (action.result.kind === "none" || device.managementState === null) return null;
  const states = action.result.managementStates ?? {};
  return Object.hasOwn(states, device.managementState) ? (states[device.managementState] ?? null) : null;
}

function wasThere(result: ResultSnapshot, snapshot: readonly ResultSnapshot[]): boolean {
  return snapshot.some((old) => plain(old.actionName) === plain(result.actionName) && isSameRun(old, result));
}

/**
 * One run of an action keeps its start; where a start is missing, only an entry that did not change
 * at all is surely the old one.
 */
function isSameRun(old: ResultSnapshot, result: ResultSnapshot): boolean {
  const [oldStart, start] = [momentOf(old.startDateTime), momentOf(result.startDateTime)];
  if (oldStart !== null && start !== null) return oldStart === start;
  return momentOf(old.lastUpdatedDateTime) === momentOf(result.lastUpdatedDateTime) && old.actionState === result.actionState;
}

function isLater(a: ResultSnapshot, b: ResultSnapshot): boolean {
  return timeOf(a) > timeOf(b) || (timeOf(a) === timeOf(b) && isOpen(a));
}

/**
 * An entry without a time counts as the newest while it is open, and as the oldest once it is
 * closed: doubt is never success.
 */
function timeOf(result: ResultSnapshot): number {
  const moment = momentOf(result.startDateTime) ?? momentOf(result.lastUpdatedDateTime);
  return moment ?? (isOpen(result) ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
}

/**
 * Milliseconds since the epoch; null for no time, also for the year 1, which Graph writes where it
 * has none.
 */
function momentOf(text: string | null): number | null {
  const moment = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(moment) || moment < 0 ? null : moment;
}

function isOpen({ actionState }: ResultSnapshot): boolean {
  return actionState === "pending" || actionState === "active" || actionState === "unknown";
}

/**
 * The same action under way on the device right now, or null: an entry, or `managementState` where
 * no entry tells of the action. An entry that was `setAside` does not count.
 */
export function underWay(action: RemoteAction, device: ManagedDevice, setAside?: ResultSnapshot): DeviceActionResult | null {
  const entries = device.deviceActionResults.filter((result) => namesAction(action, result.actionName) && result.actionState !== "none");
  const counts = (entry: ResultSnapshot) => isOpen(entry) && (setAside === undefined || !wasThere(entry, [setAside]));
  if (entries.length > 0) return entries.find(counts) ?? null;
  if (setAside !== undefined) return null;
  const told = {
    actionName: action.name,
    actionState: managementStateOf(action, device) ?? "none",
    startDateTime: null,
    lastUpdatedDateTime: null,
  };
  return isOpen(told) ? told : null;
}

/** The results as the ledger may hold them: without secrets, and without the one named. */
export function snapshotOf(device: ManagedDevice, besides: DeviceActionResult | null = null): readonly ResultSnapshot[] {
  return device.deviceActionResults.filter((result) => result !== besides).map(withoutSecret);
}

/** Keeps name, state and times, since the ledger must hold no passcode and no PIN. */
export function withoutSecret(result: DeviceActionResult): ResultSnapshot {
  const { actionName, actionState, startDateTime, lastUpdatedDateTime } = result;
  return { actionName, actionState, startDateTime, lastUpdatedDateTime };
}

import type { RemoteAction } from "../domain/action-table.ts";
import type { ResultSnapshot } from "../domain/ledger-record.ts";
import type { ActionState, DeviceActionResult, ManagedDevice } from "../domain/managed-device.ts";

/** What the device says of an action: the entry that tells, or only a state where `managementState` tells. */
export interface ActionReport {
  readonly state: ActionState;
  readonly result: DeviceActionResult | null;
}

/** What Graph reported of the device before: anything that is not in it is new. */
export interface Before {
  readonly snapshot: readonly ResultSnapshot[];
  readonly managementState: string | null;
}

/** Graph does not document the names in `actionName`; they are compared without case and punctuation. */
export function namesAction(action: RemoteAction, actionName: string): boolean {
  if (action.result.kind === "none") return false;
  const name = plain(actionName);
  return action.result.names.some((known) => plain(known) === name);
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/**
 * The newest thing that the device reports of the action and did not report before, or null. Only Graph's own times are
 * compared, with each other: our clock may be wrong.
 */
export function newReport(action: RemoteAction, before: Before, device: ManagedDevice): ActionReport | null {
  const fresh = device.deviceActionResults.filter((result) => namesAction(action, result.actionName) && !wasThere(result, before.snapshot));
  const newest = fresh.reduce<DeviceActionResult | null>((best, result) => (best === null || isLater(result, best) ? result : best), null);
  if (newest !== null && newest.actionState !== "none") return { state: newest.actionState, result: newest };
  return reportOfManagementState(action, before, device);
}

function reportOfManagementState(action: RemoteAction, before: Before, device: ManagedDevice): ActionReport | null {
  if (action.result.kind === "none" || device.managementState === null || device.managementState === before.managementState) return null;
  const state = action.result.managementStates?.[device.managementState];
  return state === undefined ? null : { state, result: null };
}

function wasThere(result: ResultSnapshot, snapshot: readonly ResultSnapshot[]): boolean {
  return snapshot.some((old) => plain(old.actionName) === plain(result.actionName) && isSameRun(old, result));
}

/** One run of an action keeps its start; without starts, only an entry that did not change at all is surely the old one. */
function isSameRun(old: ResultSnapshot, result: ResultSnapshot): boolean {
  if (old.startDateTime !== null || result.startDateTime !== null) return old.startDateTime === result.startDateTime;
  return old.lastUpdatedDateTime === result.lastUpdatedDateTime;
}

function isLater(a: ResultSnapshot, b: ResultSnapshot): boolean {
  return timeOf(a) > timeOf(b);
}

function timeOf(result: ResultSnapshot): number {
  return Date.parse(result.startDateTime ?? result.lastUpdatedDateTime ?? "1970-01-01T00:00:00Z");
}

/** An entry of the same action that is under way on the device right now, or null. */
export function underWay(action: RemoteAction, device: ManagedDevice): DeviceActionResult | null {
  const isOpen = (result: DeviceActionResult) => result.actionState === "pending" || result.actionState === "active";
  return device.deviceActionResults.find((result) => namesAction(action, result.actionName) && isOpen(result)) ?? null;
}

/** The results as the ledger may hold them: without secrets. */
export function snapshotOf(device: ManagedDevice): readonly ResultSnapshot[] {
  return device.deviceActionResults.map(withoutSecret);
}

export function withoutSecret(result: DeviceActionResult): ResultSnapshot {
  const { actionName, actionState, startDateTime, lastUpdatedDateTime } = result;
  return { actionName, actionState, startDateTime, lastUpdatedDateTime };
}

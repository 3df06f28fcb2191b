import type { JsonObject } from "../../../providers/domain/json.ts";
import { visibleBypassCode } from "../actions/action-effects.ts";
import { actionResults } from "../actions/action-progress.ts";
import type { DeviceState, ReceivedAction } from "./device-state.ts";
import { singleView } from "./device-view.ts";

/** A device as only its maker can see it, with its secrets: for tests. */
export interface EmulatedDeviceState {
  readonly id: string;
  readonly serialNumber: string | null;
  /** False once it has left Intune. */
  readonly present: boolean;
  /** What a read of the code gives now. */
  readonly bypassCode: string | null;
  /** Locked to somebody's Apple ID. Without a code, that is a brick. */
  readonly activationLock: boolean;
  /** How often its data was erased. */
  readonly erased: number;
  /** `deviceActionResults` as they read now. */
  readonly results: readonly JsonObject[];
  /** Every action that was accepted, in order, other administrators' included. */
  readonly received: readonly ReceivedAction[];
  /** All of beta's properties, the code among them. */
  readonly managedDevice: JsonObject;
}

/**
 * For tests: it shows the bypass code, which a list never does. `now` is in milliseconds since the
 * epoch.
 */
export function describeDevice(device: DeviceState, now: number): EmulatedDeviceState {
  const { id, serialNumber, present, activationLock, erased, received } = device;
  const managedDevice = singleView(device, { version: "beta", select: null, now });
  const bypassCode = visibleBypassCode(device);
  return {
    id,
    serialNumber,
    present,
    bypassCode,
    activationLock,
    erased,
    received: [...received],
    results: actionResults(device, now),
    managedDevice: { ...managedDevice, activationLockBypassCode: bypassCode },
  };
}

/** The same without secrets, for the admin interface. */
export function publicReport(state: EmulatedDeviceState): JsonObject {
  const { id, serialNumber, present, activationLock, erased, received } = state;
  return {
    id,
    serialNumber,
    present,
    activationLock,
    erased,
    hasBypassCode: state.bypassCode !== null,
    received: received.map(({ action, at, clientRequestId, source }) => ({ action, at, clientRequestId, source })),
    results: state.results.map(({ actionName = null, actionState = null }) => ({ actionName, actionState })),
  };
}

import type { JsonObject } from "../../../providers/domain/json.ts";
import { digitsFrom } from "../devices/derive.ts";
import { type DeviceState, devicePlatform, type Finding, type PendingAction } from "../devices/device-state.ts";
import { graphTime } from "../devices/timestamps.ts";

type Effect = (device: DeviceState, action: PendingAction) => void;

/**
 * What an action has done to the device once it is done. Actions that are not named here leave no
 * trace but their result.
 */
const EFFECTS: Readonly<Record<string, Effect>> = {
  wipe(device, action) {
    device.erased += 1;
    device.bypassCode = null;
    if (!keepsEnrollment(device, action.parameters)) device.present = false;
  },
  cleanWindowsDevice(device) {
    device.erased += 1;
  },
  retire(device) {
    device.present = false;
  },
  delete(device) {
    device.present = false;
  },
  bypassActivationLock(device) {
    device.activationLock = false;
  },
  syncDevice(device, action) {
    device.properties.lastSyncDateTime = graphTime(action.dueAt);
  },
  setDeviceName(device, action) {
    if (typeof action.parameters.deviceName === "string") device.properties.deviceName = action.parameters.deviceName;
  },
  enableLostMode(device) {
    device.properties.lostModeState = "enabled";
  },
  disableLostMode(device) {
    device.properties.lostModeState = "disabled";
  },
};

/** Changes the device once its action is `done`; other ends change nothing. */
export function applyEffect(device: DeviceState, action: PendingAction): void {
  if (action.ending === "done") EFFECTS[action.action.name]?.(device, action);
}

/**
 * The code is out of reach from the moment a wipe is accepted; it comes back only when the wipe
 * turns out not to happen.
 */
export function visibleBypassCode(device: DeviceState): string | null {
  const wipes = device.actions.filter((action) => action.action.name === "wipe" && !action.settled);
  return wipes.length > 0 ? null : device.bypassCode;
}

/**
 * What the result of an action will say besides its state. iOS and iPadOS drop the passcode and
 * have none to give.
 */
export function findingOf(device: DeviceState, actionName: string): Finding | null {
  const platform = devicePlatform(device);
  const seed = `${device.id}/${device.received.length}`;
  if (actionName === "resetPasscode" && platform === "Android")
    return {
      type: "#microsoft.graph.resetPasscodeActionResult",
      property: "passcode",
      value: device.settings.passcode ?? digitsFrom(`${seed}/passcode`, 8),
    };
  if (actionName === "remoteLock" && platform === "macOS")
    return {
      type: "#microsoft.graph.remoteLockActionResult",
      property: "unlockPin",
      value: device.settings.unlockPin ?? digitsFrom(`${seed}/pin`, 6),
    };
  if (actionName === "locateDevice") return { type: "#microsoft.graph.locateDeviceActionResult", property: "deviceLocation", value: LEEDS };
  return null;
}

/** Where every lost device is found. */
const LEEDS = { latitude: 53.7974, longitude: -1.5438, altitude: 63, horizontalAccuracy: 12, verticalAccuracy: 8, heading: 0, speed: 0 };

/** `keepEnrollmentData` means something to Windows only. */
function keepsEnrollment(device: DeviceState, parameters: JsonObject): boolean {
  return parameters.keepEnrollmentData === true && devicePlatform(device) === "Windows";
}

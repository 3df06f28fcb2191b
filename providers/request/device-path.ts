import type { DevicePath } from "../domain/plan.ts";
import type { DeviceSelector } from "../domain/request.ts";

/** The ways to a device that Graph documents, in the words of the YAML. */
export const LEGAL_PATHS = [
  "serialNumber, id or deviceName alone",
  "with user",
  "with detectedApp",
  "with detectedApp and user",
  "deviceRunState, with or without one of the three",
  "deviceRunState and detectedApp, with one of the three",
] as const;

/** The path that a selector's keys choose, or null when Graph has no such path. */
function findDevicePath(selector: DeviceSelector): DevicePath | null {
  const { user, detectedApp, deviceRunState } = selector;
  if (deviceRunState !== undefined) {
    if (user !== undefined) return null;
    const { script, runState } = deviceRunState;
    if (detectedApp === undefined) return { kind: "deviceRunState", script, runState };
    return isNamed(selector) ? { kind: "deviceRunStateDetectedApp", script, runState, detectedApp } : null;
  }
  if (!isNamed(selector)) return null;
  if (detectedApp === undefined) return user === undefined ? { kind: "managedDevices" } : { kind: "user", user };
  return user === undefined ? { kind: "detectedApp", detectedApp } : { kind: "detectedAppUser", detectedApp, user };
}

/**
 * The path of a selector that the loader let through; any other is a bug of ours, and nothing may
 * be sent for it.
 */
export function devicePathOf(selector: DeviceSelector): DevicePath {
  const path = findDevicePath(selector);
  if (path === null) throw new TypeError(`no path leads to a device by ${Object.keys(selector).join(", ")}`);
  return path;
}

function isNamed(selector: DeviceSelector): boolean {
  return selector.id !== undefined || selector.serialNumber !== undefined || selector.deviceName !== undefined;
}

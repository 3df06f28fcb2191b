import { isGenericSerial, normalizeSerial } from "../../domain/managed-device.ts";
import type { DevicePath } from "../../domain/plan.ts";
import type { DeviceSelector } from "../../domain/request.ts";
import type { DirectoryEntry } from "./parse-device.ts";

/**
 * True when the device is what every key of the selector says. Whatever Graph was asked, this
 * decides.
 */
export function matchesSelector(selector: DeviceSelector, { device, userId }: DirectoryEntry): boolean {
  const { id, serialNumber, deviceName, user } = selector;
  if (id !== undefined && !isSameText(id, device.id)) return false;
  if (serialNumber !== undefined && !isSameSerial(serialNumber, device.serialNumber)) return false;
  if (deviceName !== undefined && !isSameText(deviceName, device.deviceName)) return false;
  return user === undefined || isSameText(user, userId) || isSameText(user, device.userPrincipalName);
}

/** A generic serial number names nothing, on either side. */
function isSameSerial(wanted: string, found: string | null): boolean {
  return found !== null && !isGenericSerial(wanted) && normalizeSerial(wanted) === normalizeSerial(found);
}

/** Compares without case, as Graph does; a fact that is missing matches nothing. */
export function isSameText(wanted: string, found: string | null): boolean {
  return found !== null && wanted.toLowerCase() === found.toLowerCase();
}

/** The path that the selector's keys choose. */
export function pathOfSelector({ user, detectedApp, deviceRunState }: DeviceSelector): DevicePath {
  if (deviceRunState !== undefined) {
    const { script, runState } = deviceRunState;
    return detectedApp === undefined
      ? { kind: "deviceRunState", script, runState }
      : { kind: "deviceRunStateDetectedApp", script, runState, detectedApp };
  }
  if (detectedApp !== undefined)
    return user === undefined ? { kind: "detectedApp", detectedApp } : { kind: "detectedAppUser", detectedApp, user };
  return user === undefined ? { kind: "managedDevices" } : { kind: "user", user };
}

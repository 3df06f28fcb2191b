import { isSupervised, isSupervisedApple, type ManagedDevice } from "../../providers/domain/managed-device.ts";

/**
 * Devices that belong into the report: supervised iOS and iPadOS, Macs enrolled in bulk. What
 * Graph does not tell counts as yes, its system included.
 */
export function canHoldLock(device: ManagedDevice): boolean {
  return isSupervisedApple(device) || (device.operatingSystem === null && isSupervised(device));
}

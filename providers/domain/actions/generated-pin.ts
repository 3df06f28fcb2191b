import { type ManagedDevice, platformOf } from "../managed-device.ts";

/**
 * True where we make up a secret that goes along with the call: a Mac without a security chip asks
 * for a PIN after the wipe, and Graph never shows it again.
 */
export function carriesGeneratedPin(action: string, device: ManagedDevice): boolean {
  return action === "wipe" && platformOf(device) === "macOS";
}

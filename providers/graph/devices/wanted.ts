import { normalizeSerial } from "../../domain/managed-device.ts";
import type { OddDevice } from "./device-page.ts";
import { isSameText } from "./match-selector.ts";

/** One thing to look for in the tenant's list. */
export interface Wanted {
  readonly property: "serialNumber" | "deviceName";
  /** As the request writes it. */
  readonly value: string;
}

/** Equal for what names the same devices. */
export function wantedKey({ property, value }: Wanted): string {
  return `${property} ${property === "serialNumber" ? normalizeSerial(value) : value.toLowerCase()}`;
}

/** True also for a device that cannot be read: it may be the one, or a second one. */
export function hasName(wanted: Wanted, names: Pick<OddDevice, "serialNumber" | "deviceName">): boolean {
  if (wanted.property === "deviceName") return isSameText(wanted.value, names.deviceName);
  return names.serialNumber !== null && normalizeSerial(names.serialNumber) === normalizeSerial(wanted.value);
}

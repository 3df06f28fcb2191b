import { normalizeSerial } from "../domain/managed-device.ts";
import type { DeviceSelector } from "../domain/request.ts";

/**
 * One text for one device as far as files can tell: serial numbers without spaces and case, ids
 * without case. Null for other names.
 */
export function deviceKey(selector: DeviceSelector): string | null {
  const name = deviceSuffix(selector);
  if (name === null) return null;
  return selector.serialNumber === undefined ? `id ${name}` : `serial ${name}`;
}

/**
 * What a request of a list is named after: the same whether the list says `dmp x` or `DMPX`, so
 * that tidying up repeats nothing.
 */
export function deviceSuffix(selector: DeviceSelector): string | null {
  if (selector.serialNumber !== undefined) return normalizeSerial(selector.serialNumber);
  return selector.id === undefined ? null : selector.id.toLowerCase();
}

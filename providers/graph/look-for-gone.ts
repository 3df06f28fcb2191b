import { GraphReadError } from "../domain/errors.ts";
import { isGenericSerial, normalizeSerial } from "../domain/managed-device.ts";
import type { DeviceReference } from "../domain/plan.ts";
import type { GoneAnswer } from "../domain/ports.ts";
import type { GraphEndpoint } from "./cloud.ts";
import { coalesce } from "./coalesce.ts";
import { createDeviceList } from "./device-list.ts";
import type { Devices } from "./device-page.ts";
import type { DeviceReads } from "./device-reads.ts";
import { isSameText } from "./match-selector.ts";

/** Every page of the list of all devices. */
type ReadAll = () => Promise<Devices>;

/**
 * Read anew by each burst of calls, and once for all of it. A filter by serial number would be quicker, and what a filter does
 * not find is no proof: Graph compares case and spaces.
 */
export function createReadAll(reads: DeviceReads, endpoint: GraphEndpoint): ReadAll {
  const load = coalesce<Devices>(
    async (keys) => {
      const list = createDeviceList(reads, endpoint);
      await list.readTo(Number.POSITIVE_INFINITY);
      return keys.map(() => list);
    },
    { size: 1, parallel: 1 },
  );
  return () => load("all devices");
}

/** Throws `GraphReadError` where a look cannot be had. `ownPath`: the device's address. */
export async function lookForGone(
  reads: DeviceReads,
  readAll: ReadAll,
  { id }: Pick<DeviceReference, "id">,
  ownPath: string,
  serialNumber: string | null,
): Promise<GoneAnswer> {
  // One path is never read in a batch.
  const [alone = null] = await reads.devicesAt([ownPath]);
  if (alone instanceof GraphReadError) throw alone;
  if (alone !== null) return { kind: "there", device: alone.device };
  return searchIn(await readAll(), id, serialNumber);
}

function searchIn({ entries, odd }: Devices, id: string, serialNumber: string | null): GoneAnswer {
  if (entries.some(({ device }) => isSameText(id, device.id)) || odd.some((device) => isSameText(id, device.id)))
    return { kind: "listed", detail: "the list of all devices has it" };
  if (odd.some((device) => device.id === null)) return { kind: "listed", detail: "the list of all devices has one that cannot be read" };
  const elsewhere = entries.filter(({ device }) => isSameSerial(serialNumber, device.serialNumber)).map(({ device }) => device.id);
  return { kind: "gone", elsewhere };
}

function isSameSerial(wanted: string | null, serialNumber: string | null): boolean {
  if (wanted === null || serialNumber === null || isGenericSerial(wanted)) return false;
  return normalizeSerial(wanted) === normalizeSerial(serialNumber);
}

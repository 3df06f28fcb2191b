import { GraphReadError } from "../../domain/errors.ts";
import { isGenericSerial, normalizeSerial } from "../../domain/managed-device.ts";
import type { GoneAnswer } from "../../domain/ports.ts";
import type { GraphEndpoint } from "../../support/cloud.ts";
import { mapInPool } from "../../support/map-in-pool.ts";
import { coalesce } from "../client/coalesce.ts";
import { BATCH_SIZE } from "../client/limits.ts";
import { createDeviceList } from "./device-list.ts";
import type { Devices } from "./device-page.ts";
import type { DeviceReads } from "./device-reads.ts";
import { isSameText } from "./match-selector.ts";
import type { DirectoryEntry } from "./parse-device.ts";

/** The device at an address, or everything that Graph lists where it has none there. */
export type LookAgain = (path: string) => Promise<DirectoryEntry | Devices>;

/**
 * Each address by a GET of its own, then one list of all devices for those that have none; calls
 * under way at once share the list. A filter by serial number would be quicker, and what it does
 * not find is no proof: it may compare case and spaces. Throws `GraphReadError` where a look cannot
 * be had.
 */
export function createLookAgain(reads: DeviceReads, endpoint: GraphEndpoint): LookAgain {
  const readAlone = async (path: string) => {
    const [result = null] = await reads.devicesAt([path]);
    return result;
  };
  const readAll = async (): Promise<Devices | GraphReadError> => {
    const list = createDeviceList(reads, endpoint);
    const failure = await list.readTo(Number.POSITIVE_INFINITY).catch(orError);
    return failure ?? list;
  };
  return coalesce<DirectoryEntry | Devices>(
    async (paths) => {
      const alone = await mapInPool(paths, BATCH_SIZE, readAlone);
      if (!alone.includes(null)) return alone.filter((result) => result !== null);
      const all = await readAll();
      return alone.map((result) => result ?? all);
    },
    { size: Number.POSITIVE_INFINITY, parallel: 1 },
  );
}

function orError(error: unknown): GraphReadError {
  if (error instanceof GraphReadError) return error;
  throw error;
}

/** What a list says of a device that Graph does not know by its id. */
export function searchList({ entries, odd }: Devices, id: string, serialNumber: string | null): GoneAnswer {
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

import { normalizeSerial } from "../domain/managed-device.ts";
import { readError } from "./answer.ts";
import { inChunks } from "./batch.ts";
import type { GraphEndpoint } from "./cloud.ts";
import { createDeviceList, type DeviceList, parseEntries } from "./device-list.ts";
import { type DeviceReads, isOk, parseBody } from "./device-reads.ts";
import { BATCH_SIZE } from "./limits.ts";
import { mapInPool } from "./map-in-pool.ts";
import { isSameText } from "./match-selector.ts";
import type { DirectoryEntry } from "./parse-device.ts";
import { DEVICES_PATH, equalTo, withQuery } from "./urls.ts";

/** One thing to look for in the tenant's list. */
export interface Wanted {
  readonly property: "serialNumber" | "deviceName";
  /** As the request writes it. */
  readonly value: string;
}

/** A filter that matches this many devices names none of them. */
const ENOUGH = 10;

/** Up to this many batches of filters are quicker than the first page of a list. */
const FEW_BATCHES = 2;

/**
 * Every device that fits one of the wanted, and maybe others: the caller re-checks each. Reads the whole list or asks by
 * `$filter`, whichever costs fewer requests; with 1,000 wanted never more than 60. Where Graph turns out to ignore the
 * filter, only the whole list tells, at any cost.
 */
export async function findDevices(
  reads: DeviceReads,
  endpoint: GraphEndpoint,
  wanted: readonly Wanted[],
): Promise<readonly DirectoryEntry[]> {
  const list = createDeviceList(reads, endpoint);
  const batches = Math.ceil(wanted.length / BATCH_SIZE);
  if (batches > FEW_BATCHES) await readIfCheaper(reads, list, batches);
  if (list.isComplete) return list.entries;

  const found = await askByFilter(reads, wanted);
  const isIgnored = found === null;
  const missed = isIgnored ? wanted : notFound(wanted, found);
  if (missed.length === 0) return [...(found ?? []), ...list.entries];

  const { searchPages } = reads.client.limits;
  await list.readTo(1);
  if (!isIgnored && (list.pagesInAll ?? 0) > searchPages) return [...found, ...list.entries];
  await list.readTo(isIgnored ? Number.POSITIVE_INFINITY : searchPages);
  // Somebody's serial number stands there in a spelling that the filter did not find: only the whole list tells whether it is the only one.
  if (!list.isComplete && notFound(missed, list.entries).length < missed.length) await list.readTo(Number.POSITIVE_INFINITY);
  return [...(found ?? []), ...list.entries];
}

async function readIfCheaper(reads: DeviceReads, list: DeviceList, batches: number): Promise<void> {
  await list.readTo(1);
  const { pagesInAll } = list;
  if (pagesInAll === null) await list.readTo(reads.client.limits.searchPages);
  else if (pagesInAll <= batches) await list.readTo(batches);
}

/** Null as soon as one answer holds a device that was not asked for: Graph gives every device for a filter that it does not support. */
async function askByFilter(reads: DeviceReads, wanted: readonly Wanted[]): Promise<readonly DirectoryEntry[] | null> {
  const plain = await askInBatches(
    reads,
    wanted.map((one) => ({ ...one, asked: plainValue(one) })),
  );
  if (plain === null) return null;
  const respelt = notFound(wanted, plain).filter((one) => one.value.trim() !== plainValue(one));
  const written = await askInBatches(
    reads,
    respelt.map((one) => ({ ...one, asked: one.value.trim() })),
  );
  return written === null ? null : [...plain, ...written];
}

interface Asked extends Wanted {
  readonly asked: string;
}

async function askInBatches(reads: DeviceReads, asked: readonly Asked[]): Promise<readonly DirectoryEntry[] | null> {
  const [first, ...rest] = inChunks(asked);
  if (first === undefined) return [];
  const probe = await askOneBatch(reads, first);
  if (probe === null) return null;
  const others = await mapInPool(rest, reads.client.limits.parallelBatches, (chunk) => askOneBatch(reads, chunk));
  const entries = [probe, ...others];
  return entries.every((batch) => batch !== null) ? entries.flat() : null;
}

async function askOneBatch(reads: DeviceReads, asked: readonly Asked[]): Promise<readonly DirectoryEntry[] | null> {
  const answers = await reads.ask(
    asked.map((one) => (select) => withQuery(DEVICES_PATH, { select, filter: equalTo(one.property, one.asked), top: ENOUGH })),
  );
  const found = answers.map((answer) => {
    if (!isOk(answer)) throw readError("the devices with a serial number or name", answer, answer.secrets);
    return parseEntries(reads.client, parseBody(answer));
  });
  const isIgnored = found.some((entries, index) => entries.some((entry) => !isWanted(asked[index], entry)));
  return isIgnored ? null : found.flat();
}

function isWanted(wanted: Wanted | undefined, { device }: DirectoryEntry): boolean {
  if (wanted === undefined) return false;
  if (wanted.property === "deviceName") return isSameText(wanted.value, device.deviceName);
  return device.serialNumber !== null && normalizeSerial(device.serialNumber) === normalizeSerial(wanted.value);
}

function notFound(wanted: readonly Wanted[], entries: readonly DirectoryEntry[]): readonly Wanted[] {
  const serials = new Set(entries.map(({ device }) => normalizeSerial(device.serialNumber ?? "")));
  const names = new Set(entries.map(({ device }) => (device.deviceName ?? "").toLowerCase()));
  return wanted.filter((one) =>
    one.property === "serialNumber" ? !serials.has(normalizeSerial(one.value)) : !names.has(one.value.toLowerCase()),
  );
}

function plainValue(wanted: Wanted): string {
  return wanted.property === "serialNumber" ? normalizeSerial(wanted.value) : wanted.value;
}

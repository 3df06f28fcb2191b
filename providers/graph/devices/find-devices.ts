import { GraphReadError } from "../../domain/errors.ts";
import type { GraphEndpoint } from "../../support/cloud.ts";
import { BATCH_SIZE } from "../client/limits.ts";
import { askByFilter } from "./ask-by-filter.ts";
import { createDeviceList, type DeviceList } from "./device-list.ts";
import type { Devices, OddDevice } from "./device-page.ts";
import type { DeviceReads } from "./device-reads.ts";
import { hasName, type Wanted, wantedKey } from "./wanted.ts";

/** Devices that fit one of the wanted, and maybe others: the caller re-checks each. */
export interface Found extends Devices {
  /** The error that ended the search for some of the wanted, and which they are. */
  readonly failure: { readonly wanted: ReadonlySet<string>; readonly error: GraphReadError } | null;
}

/** Up to this many batches of filters are quicker than the first page of a list. */
const FEW_BATCHES = 2;

/**
 * Reads the whole list or asks by `$filter`, whichever costs fewer requests; with 1,000 wanted that
 * exist never more than 60. What no filter found, and what filters could not be asked about, is
 * looked for in the whole list, at any cost: only that tells.
 */
export async function findDevices(reads: DeviceReads, endpoint: GraphEndpoint, wanted: readonly Wanted[]): Promise<Found> {
  const list = createDeviceList(reads, endpoint);
  const batches = Math.ceil(wanted.length / BATCH_SIZE);
  if (batches > FEW_BATCHES) await readIfCheaper(reads, list, batches).catch(unlessRead);
  if (list.isComplete) return found(reads, wanted, [list], null);

  const filtered = await askByFilter(reads, endpoint, wanted);
  const missed = filtered?.missed ?? wanted;
  if (filtered === null) reads.client.progress("filters are no help with this Graph: looking through the whole list of devices");
  const error = missed.length === 0 ? null : await list.readTo(Number.POSITIVE_INFINITY).catch(unlessRead);
  const failure = error instanceof GraphReadError ? { wanted: new Set(missed.map(wantedKey)), error } : null;
  return found(reads, wanted, filtered === null ? [list] : [filtered, list], failure);
}

/**
 * Pages come one after another. Where Graph does not tell how many there are, no more of them are
 * read than the filters would take turns: read in vain, they double the time at most.
 */
async function readIfCheaper(reads: DeviceReads, list: DeviceList, batches: number): Promise<void> {
  const { searchPages, parallelBatches } = reads.client.limits;
  await list.readTo(1);
  const { pagesInAll } = list;
  if (pagesInAll === null) await list.readTo(Math.min(searchPages, Math.ceil(batches / parallelBatches)));
  else if (pagesInAll <= batches) await list.readTo(batches);
}

/**
 * The error of a list that cannot be read, after which filters are tried; anything else is thrown
 * on.
 */
function unlessRead(error: unknown): GraphReadError {
  if (error instanceof GraphReadError) return error;
  throw error;
}

function found(reads: DeviceReads, wanted: readonly Wanted[], sources: readonly Devices[], failure: Found["failure"]): Found {
  const odd = sources.flatMap((source) => source.odd);
  tellOfStrangers(reads, odd, wanted);
  return { entries: sources.flatMap(({ entries }) => entries), odd, failure };
}

/** A device that nobody asked for stops nobody. */
function tellOfStrangers(reads: DeviceReads, odd: readonly OddDevice[], wanted: readonly Wanted[]): void {
  const strangers = odd.filter((device) => !wanted.some((one) => hasName(one, device)));
  const [first] = strangers;
  if (first === undefined) return;
  const count = strangers.length === 1 ? "1 device" : `${strangers.length} devices`;
  reads.client.progress(
    `${count} that nobody asked for cannot be read and ${strangers.length === 1 ? "is" : "are"} passed over: ${first.error.message}`,
  );
}

import type { GraphEndpoint } from "../../support/cloud.ts";
import { DEVICES_PATH, withQuery } from "../client/urls.ts";
import { type Devices, type OddDevice, pagesOf } from "./device-page.ts";
import type { DeviceReads } from "./device-reads.ts";
import type { DirectoryEntry } from "./parse-device.ts";

/** All devices of the tenant, page by page, each page read once. */
export interface DeviceList extends Devices {
  /** Every page was read: this is everything there is. */
  readonly isComplete: boolean;
  /** Pages that the whole list has, where Graph tells; null otherwise. */
  readonly pagesInAll: number | null;
  /** Reads on until the list is complete or this many pages were read in all. */
  readTo(pages: number): Promise<void>;
}

/** Reads nothing yet; pages come with `readTo`, and one that failed ends the list for good. */
export function createDeviceList(reads: DeviceReads, endpoint: GraphEndpoint): DeviceList {
  const entries: DirectoryEntry[] = [];
  const odd: OddDevice[] = [];
  const pages = pagesOf(reads, { endpoint, list: DEVICES_PATH, first: (select) => withQuery(DEVICES_PATH, { select }) });
  let pagesRead = 0;
  let pagesInAll: number | null = null;
  let isComplete = false;
  /** A list that broke off cannot be read on. */
  let failure: unknown = new Error("a list of devices was read on after its end");
  const keep = (error: unknown) => {
    failure = error;
    throw error;
  };
  const readPage = async () => {
    const { value: page } = await pages.next().catch(keep);
    if (page === undefined) throw failure;
    entries.push(...page.entries);
    odd.push(...page.odd);
    pagesRead += 1;
    isComplete = page.next === null;
    if (page.total !== null) pagesInAll = Math.ceil(page.total / (page.entries.length + page.odd.length));
    if (!isComplete) reads.client.progress(`read ${entries.length + odd.length} devices, and there are more`);
  };
  return {
    entries,
    odd,
    get isComplete() {
      return isComplete;
    },
    get pagesInAll() {
      return pagesInAll;
    },
    readTo: async (most) => {
      while (!isComplete && pagesRead < most) await readPage();
    },
  };
}

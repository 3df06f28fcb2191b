import { GraphReadError } from "../domain/errors.ts";
import { readError } from "./answer.ts";
import { type GraphEndpoint, isLoopbackHost } from "./cloud.ts";
import { type DeviceReads, isOk, parseBody, parseEntry } from "./device-reads.ts";
import type { GraphClient } from "./graph-client.ts";
import { type DirectoryEntry, unexpected } from "./parse-device.ts";
import { DEVICES_PATH, withQuery } from "./urls.ts";

/** All devices of the tenant, page by page, each page read once. */
export interface DeviceList {
  readonly entries: readonly DirectoryEntry[];
  /** Every page was read: `entries` is everything there is. */
  readonly isComplete: boolean;
  readonly pagesRead: number;
  /** Pages that the whole list has, where Graph tells; null otherwise. */
  readonly pagesInAll: number | null;
  /** Reads on until the list is complete or this many pages were read in all. */
  readTo(pages: number): Promise<void>;
}

export function createDeviceList(reads: DeviceReads, endpoint: GraphEndpoint): DeviceList {
  const entries: DirectoryEntry[] = [];
  let pagesRead = 0;
  let pagesInAll: number | null = null;
  /** Path of the next page; undefined before the first and null after the last. */
  let next: string | null | undefined;
  const readPage = async () => {
    const following = next;
    const address = (select: readonly string[]) => (typeof following === "string" ? following : withQuery(DEVICES_PATH, { select }));
    const page = await readOnePage(reads, endpoint, address);
    entries.push(...page.entries);
    pagesRead += 1;
    if (page.total !== null) pagesInAll = Math.ceil(page.total / page.entries.length);
    next = page.next;
    if (next !== null) reads.client.progress(`read ${entries.length} devices, and there are more`);
  };
  return {
    entries,
    get isComplete() {
      return next === null;
    },
    get pagesRead() {
      return pagesRead;
    },
    get pagesInAll() {
      return pagesInAll;
    },
    readTo: async (pages) => {
      const { endlessPages } = reads.client.limits;
      while (next !== null && pagesRead < Math.min(pages, endlessPages)) await readPage();
      if (next !== null && pagesRead >= endlessPages)
        throw new GraphReadError(`the list of devices does not end: ${pagesRead} pages were read`);
    },
  };
}

interface Page {
  readonly entries: readonly DirectoryEntry[];
  readonly next: string | null;
  readonly total: number | null;
}

async function readOnePage(reads: DeviceReads, endpoint: GraphEndpoint, address: (select: readonly string[]) => string): Promise<Page> {
  const [answer] = await reads.ask([address]);
  if (answer === undefined || !isOk(answer))
    throw readError("the list of devices", answer ?? { status: 0, body: "" }, answer?.secrets ?? []);
  const body = parseBody(answer);
  const entries = parseEntries(reads.client, body);
  const link = body["@odata.nextLink"];
  const count = body["@odata.count"];
  return {
    entries,
    next: link === undefined || link === null ? null : nextPath(link, endpoint),
    // Intune often counts the page only.
    total: typeof count === "number" && count > entries.length && entries.length > 0 ? count : null,
  };
}

export function parseEntries(client: GraphClient, body: Readonly<Record<string, unknown>>): readonly DirectoryEntry[] {
  if (!Array.isArray(body.value)) throw unexpected("value", "the list of devices");
  return body.value.map((value) => parseEntry(client, value));
}

/** A link may continue the same list of the same Graph and nothing else; behind a proxy on this machine the port may be another's. */
function nextPath(link: unknown, endpoint: GraphEndpoint): string {
  const url = typeof link === "string" ? URL.parse(link) : null;
  const isOurs = url !== null && (url.origin === endpoint.origin || (endpoint.isLoopback && isLoopbackHost(url.hostname)));
  if (!isOurs || url.pathname !== `/v1.0${DEVICES_PATH}`) throw unexpected("@odata.nextLink", "an address of the same list");
  return `${DEVICES_PATH}${url.search}`;
}

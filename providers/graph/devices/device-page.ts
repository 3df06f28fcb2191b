import { printable } from "../../domain/diagnostic.ts";
import { GraphReadError } from "../../domain/errors.ts";
import { isObject } from "../../domain/json.ts";
import type { GraphEndpoint } from "../../support/cloud.ts";
import { readError } from "../client/answer.ts";
import type { GraphClient, ReadAnswer } from "../client/graph-client.ts";
import { nextPath } from "../client/next-path.ts";
import { type Address, type DeviceReads, isOk, orReadError, parseBody, parseEntry } from "./device-reads.ts";
import { type DirectoryEntry, unexpected } from "./parse-device.ts";

/** A device of a list that cannot be read, with as much of it as tells whether it was asked for. */
export interface OddDevice {
  readonly id: string | null;
  readonly serialNumber: string | null;
  readonly deviceName: string | null;
  readonly error: GraphReadError;
}

/** Devices of a list. */
export interface Devices {
  readonly entries: readonly DirectoryEntry[];
  readonly odd: readonly OddDevice[];
}

/** One answer of a list, with the way to the next. */
export interface Page extends Devices {
  /** Path of the next page; null after the last. */
  readonly next: string | null;
  /** Devices of the whole list, where Graph tells. */
  readonly total: number | null;
}

/** Where pages are: one list, and where its first page is asked for. */
export interface PageSource {
  readonly endpoint: GraphEndpoint;
  /** Path of the list; every page has the same. */
  readonly list: string;
  readonly first: Address;
}

/**
 * Page after page, until the list ends. Throws `GraphReadError`, also for a list that leads back
 * to one of its pages.
 */
export async function* pagesOf(reads: DeviceReads, source: PageSource): AsyncGenerator<Page, void, undefined> {
  const seen = new Set<string>();
  let address: Address | null = source.first;
  while (address !== null) {
    const page = await readPage(reads, source, address);
    yield page;
    const { next } = page;
    if (next !== null && seen.has(next)) throw new GraphReadError("the list of devices does not end: a page leads back to one before it");
    if (next !== null && seen.size + 1 >= reads.client.limits.endlessPages)
      throw new GraphReadError(`the list of devices does not end: ${seen.size + 1} pages were read`);
    if (next !== null) seen.add(next);
    address = next === null ? null : () => next;
  }
}

async function readPage(reads: DeviceReads, source: PageSource, address: Address): Promise<Page> {
  const [answer] = await reads.ask([address]);
  if (answer instanceof GraphReadError) throw answer;
  if (answer === undefined || !isOk(answer))
    throw readError("the list of devices", answer ?? { status: 0, body: "" }, answer?.secrets ?? []);
  return parsePage(reads.client, source, answer);
}

/**
 * Throws `GraphReadError` for an answer without `value`, or with a next link that leads elsewhere.
 */
export function parsePage(client: GraphClient, source: Pick<PageSource, "endpoint" | "list">, answer: ReadAnswer): Page {
  const body = parseBody(answer);
  const { value, "@odata.nextLink": link, "@odata.count": count } = body;
  if (!Array.isArray(value)) throw unexpected("value", "the list of devices");
  const next = nextPath(link, { ...source, version: "v1.0" });
  if (next === undefined) throw unexpected("@odata.nextLink", "an address of the same list");
  return {
    ...parseDevices(client, value),
    next,
    // Intune often counts the page only.
    total: typeof count === "number" && count > value.length && value.length > 0 ? count : null,
  };
}

function parseDevices(client: GraphClient, values: readonly unknown[]): Devices {
  const entries: DirectoryEntry[] = [];
  const odd: OddDevice[] = [];
  for (const value of values) {
    const entry = orReadError(() => parseEntry(client, value));
    if (entry instanceof GraphReadError) odd.push({ ...namesOf(value), error: entry });
    else entries.push(entry);
  }
  return { entries, odd };
}

function namesOf(value: unknown): Omit<OddDevice, "error"> {
  const fields = isObject(value) ? value : {};
  return { id: looseText(fields.id), serialNumber: looseText(fields.serialNumber), deviceName: looseText(fields.deviceName) };
}

function looseText(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" ? printable(`${value}`) : null;
}

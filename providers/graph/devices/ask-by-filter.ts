import { GraphReadError } from "../../domain/errors.ts";
import { normalizeSerial } from "../../domain/managed-device.ts";
import type { GraphEndpoint } from "../../support/cloud.ts";
import { mapInPool } from "../../support/map-in-pool.ts";
import { inChunks } from "../client/batch.ts";
import type { ReadAnswer } from "../client/graph-client.ts";
import { DEVICES_PATH, equalTo, withQuery } from "../client/urls.ts";
import { type Devices, type OddDevice, type Page, pagesOf, parsePage } from "./device-page.ts";
import { type DeviceReads, isOk, orReadError } from "./device-reads.ts";
import type { DirectoryEntry } from "./parse-device.ts";
import { hasName, type Wanted } from "./wanted.ts";

/** A filter that matches this many devices may match more: then all of them are asked for. */
const TOP = 10;

/**
 * What Graph says to a filter. `found` is its whole answer, at least one device; `failed` may be
 * anything: only the list tells.
 */
type Answer = Devices & { readonly wanted: Wanted; readonly kind: "found" | "nothing" | "failed" | "ignored" };

/** What filters found, and what is still to be looked for. */
export interface Filtered extends Devices {
  readonly missed: readonly Wanted[];
}

/**
 * Asks for each by `$filter`. Null where filters are no help: Graph gives every device for one
 * that it does not support, and may refuse them all.
 */
export async function askByFilter(reads: DeviceReads, endpoint: GraphEndpoint, wanted: readonly Wanted[]): Promise<Filtered | null> {
  const plain = await askInBatches(reads, endpoint, wanted.map(plainly));
  const respelt = plain?.filter(({ kind, wanted: one }) => kind === "nothing" && one.value.trim() !== plainValue(one)) ?? [];
  const written = await askInBatches(
    reads,
    endpoint,
    respelt.map(({ wanted: one }) => ({ wanted: one, asked: one.value.trim() })),
  );
  if (plain === null || written === null) return null;
  const answers = [...plain, ...written];
  const found = new Set(answers.filter(({ kind }) => kind === "found").map(({ wanted: one }) => one));
  return { ...together(answers), missed: wanted.filter((one) => !found.has(one)) };
}

interface Asked {
  readonly wanted: Wanted;
  readonly asked: string;
}

function plainly(wanted: Wanted): Asked {
  return { wanted, asked: plainValue(wanted) };
}

function plainValue(wanted: Wanted): string {
  return wanted.property === "serialNumber" ? normalizeSerial(wanted.value) : wanted.value;
}

/** The first batch tells whether filters are any help; the others wait for it. */
async function askInBatches(reads: DeviceReads, endpoint: GraphEndpoint, asked: readonly Asked[]): Promise<readonly Answer[] | null> {
  const [first, ...rest] = inChunks(asked);
  if (first === undefined) return [];
  const ask = (chunk: readonly Asked[]) => askOneBatch(reads, endpoint, chunk);
  const probe = await ask(first);
  if (probe.every(({ kind }) => kind === "failed")) return null;
  if (probe.some(({ kind }) => kind === "ignored")) return null;
  const answers = [probe, ...(await mapInPool(rest, reads.client.limits.parallelBatches, ask))].flat();
  return answers.some(({ kind }) => kind === "ignored") ? null : answers;
}

async function askOneBatch(reads: DeviceReads, endpoint: GraphEndpoint, asked: readonly Asked[]): Promise<readonly Answer[]> {
  const answers = await reads.ask(asked.map((one) => addressOf(one, TOP)));
  return Promise.all(asked.map((one, index) => judge(reads, endpoint, one, answers[index])));
}

function addressOf({ wanted, asked }: Asked, top?: number) {
  const filter = equalTo(wanted.property, asked);
  return (select: readonly string[]) => withQuery(DEVICES_PATH, { select, filter, ...(top === undefined ? {} : { top }) });
}

async function judge(
  reads: DeviceReads,
  endpoint: GraphEndpoint,
  asked: Asked,
  answer: ReadAnswer | GraphReadError | undefined,
): Promise<Answer> {
  const { wanted } = asked;
  const failed: Answer = { wanted, kind: "failed", entries: [], odd: [] };
  if (answer === undefined || answer instanceof GraphReadError || !isOk(answer)) return failed;
  const page = orReadError(() => parsePage(reads.client, { endpoint, list: DEVICES_PATH }, answer));
  if (page instanceof GraphReadError) return failed;
  if (hasStrangers(wanted, page)) return { ...failed, kind: "ignored" };
  const whole = isWhole(page) ? page : await readWhole(reads, endpoint, asked).catch(orNull);
  if (whole === null) return failed;
  if (hasStrangers(wanted, whole)) return { ...failed, kind: "ignored" };
  return { ...whole, wanted, kind: whole.entries.length + whole.odd.length > 0 ? "found" : "nothing" };
}

/** "Exactly one" is decided on all pages of an answer, or not at all. */
function isWhole({ entries, odd, next }: Page): boolean {
  return next === null && entries.length + odd.length < TOP;
}

async function readWhole(reads: DeviceReads, endpoint: GraphEndpoint, asked: Asked): Promise<Devices> {
  const pages: Page[] = [];
  for await (const page of pagesOf(reads, { endpoint, list: DEVICES_PATH, first: addressOf(asked) })) {
    pages.push(page);
    if (hasStrangers(asked.wanted, page)) break;
  }
  return together(pages);
}

function hasStrangers(wanted: Wanted, { entries, odd }: Devices): boolean {
  return entries.some(({ device }) => !hasName(wanted, device)) || odd.some((device) => !hasName(wanted, device));
}

function together(answers: readonly Devices[]): { readonly entries: readonly DirectoryEntry[]; readonly odd: readonly OddDevice[] } {
  return { entries: answers.flatMap(({ entries }) => entries), odd: answers.flatMap(({ odd }) => odd) };
}

function orNull(error: unknown): null {
  if (error instanceof GraphReadError) return null;
  throw error;
}

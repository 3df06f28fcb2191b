import { GraphReadError } from "../../domain/errors.ts";
import { isObject } from "../../domain/json.ts";
import { mapInPool } from "../../support/map-in-pool.ts";
import { readError } from "./answer.ts";
import type { GraphClient, ReadAnswer } from "./graph-client.ts";
import { BATCH_SIZE } from "./limits.ts";
import { get, postBatch } from "./read-call.ts";
import { safeHeaders } from "./safe-headers.ts";
import { BATCH_PATH } from "./urls.ts";

/** Reads many paths; one that fails leaves the others alone. */
export type ReadMany = (paths: readonly string[]) => Promise<readonly (ReadAnswer | GraphReadError)[]>;

/**
 * Many GETs, 20 to a request: https://learn.microsoft.com/graph/json-batching. An item that is
 * missing, throttled or refused is read again by itself, with all the patience of a single read.
 * Where batches as a whole are refused and single reads are not, there are no more batches.
 */
export function createBatchReads(client: GraphClient): ReadMany {
  let isRefused = false;
  const readChunk = async (paths: readonly string[]) => {
    if (paths.length === 1 || isRefused) return readSingly(client, paths);
    const answer = await client.read(postBatch(BATCH_PATH, bodyFor(paths), paths.length));
    if (answer.status === 200) return readItems(client, paths, answer);
    const results = await readAround(client, paths, answer);
    isRefused = true;
    return results;
  };
  return async (paths) => (await mapInPool(inChunks(paths), client.limits.parallelBatches, readChunk)).flat();
}

function bodyFor(paths: readonly string[]): string {
  return JSON.stringify({ requests: paths.map((path, index) => ({ id: `${index + 1}`, method: "GET", url: path })) });
}

/** Pieces of `BATCH_SIZE` at most, in order; none for an empty list. */
export function inChunks<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / BATCH_SIZE) }, (_, index) =>
    items.slice(index * BATCH_SIZE, (index + 1) * BATCH_SIZE),
  );
}

async function readItems(
  client: GraphClient,
  paths: readonly string[],
  answer: ReadAnswer,
): Promise<readonly (ReadAnswer | GraphReadError)[]> {
  const items = parseItems(JSON.parse(answer.body), answer);
  for (const item of items.values()) if (item.status === 429) client.heedThrottle(item.headers);
  return Promise.all(
    paths.map(async (path, index) => {
      const item = items.get(`${index + 1}`);
      return item !== undefined && isFinal(item) ? item : readAlone(client, path);
    }),
  );
}

/**
 * Tries one single read before the others: where Graph is down, or the token is no good, twenty
 * would tell no more.
 */
async function readAround(
  client: GraphClient,
  [first = "", ...rest]: readonly string[],
  answer: ReadAnswer,
): Promise<readonly (ReadAnswer | GraphReadError)[]> {
  const probe = isHopeless(answer) ? answer : await readAlone(client, first);
  if (isHopeless(probe) || isTrouble(probe)) throw readError("the devices of a batch", answer, answer.secrets);
  client.progress(`Graph refuses batches (${answer.status}): devices are read one by one`);
  return [probe, ...(await readSingly(client, rest))];
}

function isHopeless({ status }: ReadAnswer | GraphReadError): boolean {
  return status === 401 || status === 429;
}

function isTrouble({ status }: ReadAnswer | GraphReadError): boolean {
  return status === null || status >= 500;
}

function readSingly(client: GraphClient, paths: readonly string[]): Promise<readonly (ReadAnswer | GraphReadError)[]> {
  return Promise.all(paths.map((path) => readAlone(client, path)));
}

async function readAlone(client: GraphClient, path: string): Promise<ReadAnswer | GraphReadError> {
  try {
    return await client.read(get(path));
  } catch (error) {
    if (error instanceof GraphReadError) return error;
    throw error;
  }
}

/**
 * Anything else is asked for again alone: that a device is gone is heard from nobody but Graph
 * itself. 400 is judged by the caller.
 */
function isFinal(item: ReadAnswer): boolean {
  return item.status === 400 || (item.status >= 200 && item.status < 300 && item.body !== "");
}

/**
 * By the id of the request. What cannot be understood counts as missing. All items came at the time
 * of their batch: one that says another is not believed.
 */
function parseItems(body: unknown, { secrets, graphTime }: ReadAnswer): ReadonlyMap<string, ReadAnswer> {
  const items = new Map<string, ReadAnswer>();
  const responses: readonly unknown[] = isObject(body) && Array.isArray(body.responses) ? body.responses : [];
  for (const item of responses) {
    if (!isObject(item) || typeof item.id !== "string" || typeof item.status !== "number") continue;
    items.set(item.id, {
      status: item.status,
      headers: safeHeaders(isObject(item.headers) ? Object.entries(item.headers) : []),
      body: bodyOf(item.body),
      secrets,
      graphTime,
    });
  }
  return items;
}

/** Kept as text, like the body of a single answer; "" unless it is an object. */
function bodyOf(value: unknown): string {
  return isObject(value) ? JSON.stringify(value) : "";
}

import { GraphReadError } from "../domain/errors.ts";
import { isObject } from "../domain/json.ts";
import type { Redacted } from "../domain/redacted.ts";
import { type GraphAnswer, readError } from "./answer.ts";
import type { GraphClient } from "./graph-client.ts";
import { BATCH_SIZE } from "./limits.ts";
import { mapInPool } from "./map-in-pool.ts";
import { get, postBatch } from "./read-call.ts";
import { safeHeaders } from "./safe-headers.ts";
import { BATCH_PATH } from "./urls.ts";

/** The answer to one GET, from a batch or alone. */
export type ReadAnswer = GraphAnswer & { readonly secrets: readonly Redacted<string>[] };

/**
 * Many GETs, 20 to a request: https://learn.microsoft.com/graph/json-batching. An item that is missing, throttled or refused is
 * read again by itself, with all the patience of a single read; the error that ends that is its own and leaves the others alone.
 */
export async function readBatch(client: GraphClient, paths: readonly string[]): Promise<readonly (ReadAnswer | GraphReadError)[]> {
  return (await mapInPool(inChunks(paths), client.limits.parallelBatches, (chunk) => readChunk(client, chunk))).flat();
}

export function inChunks<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / BATCH_SIZE) }, (_, index) =>
    items.slice(index * BATCH_SIZE, (index + 1) * BATCH_SIZE),
  );
}

async function readChunk(client: GraphClient, paths: readonly string[]): Promise<readonly (ReadAnswer | GraphReadError)[]> {
  const [only] = paths;
  if (paths.length === 1 && only !== undefined) return [await client.read(get(only))];
  const requests = paths.map((path, index) => ({ id: `${index + 1}`, method: "GET", url: path }));
  const answer = await client.read(postBatch(BATCH_PATH, JSON.stringify({ requests }), paths.length));
  if (answer.status !== 200) throw readError("the devices of a batch", answer, answer.secrets);
  const items = parseItems(JSON.parse(answer.body), answer.secrets);
  for (const item of items.values()) if (item.status === 429) client.heedThrottle(item.headers);
  return Promise.all(
    paths.map(async (path, index) => {
      const item = items.get(`${index + 1}`);
      return item !== undefined && isFinal(item) ? item : readAlone(client, path);
    }),
  );
}

async function readAlone(client: GraphClient, path: string): Promise<ReadAnswer | GraphReadError> {
  try {
    return await client.read(get(path));
  } catch (error) {
    if (error instanceof GraphReadError) return error;
    throw error;
  }
}

/** Anything else is asked for again alone. 404 is an answer, and 400 is judged by the caller. */
function isFinal(item: ReadAnswer): boolean {
  return item.status === 404 || item.status === 400 || (item.status >= 200 && item.status < 300 && item.body !== "");
}

/** By the id of the request. What cannot be understood counts as missing. */
function parseItems(body: unknown, secrets: readonly Redacted<string>[]): ReadonlyMap<string, ReadAnswer> {
  const items = new Map<string, ReadAnswer>();
  const responses: readonly unknown[] = isObject(body) && Array.isArray(body.responses) ? body.responses : [];
  for (const item of responses) {
    if (!isObject(item) || typeof item.id !== "string" || typeof item.status !== "number") continue;
    items.set(item.id, {
      status: item.status,
      headers: safeHeaders(isObject(item.headers) ? Object.entries(item.headers) : []),
      body: bodyOf(item.body),
      secrets,
    });
  }
  return items;
}

/** Kept as text, like the body of a single answer; "" unless it is an object. */
function bodyOf(value: unknown): string {
  return isObject(value) ? JSON.stringify(value) : "";
}

import { GraphReadError } from "../../domain/errors.ts";
import { isObject } from "../../domain/json.ts";
import type { CloseLook } from "../../domain/ports.ts";
import { type GraphAnswer, readError } from "../client/answer.ts";
import { createBatchReads, type ReadMany } from "../client/batch.ts";
import type { GraphClient, ReadAnswer } from "../client/graph-client.ts";
import { isFromCache } from "../client/http-date.ts";
import { readNotFound } from "../client/not-found.ts";
import { withQuery } from "../client/urls.ts";
import { type DirectoryEntry, parseBypassCode, parseDevice, parseDeviceId, unexpected } from "./parse-device.ts";
import { CODE_PROPERTY, createSelection, type Selection } from "./selected-properties.ts";

/**
 * What one read of a device gave: null where Graph itself says that it knows none, or the error
 * that ended it.
 */
export type ReadResult = DirectoryEntry | null | GraphReadError;

/** Reads from Graph, with what was learnt about the properties that the tenant knows. */
export interface DeviceReads {
  readonly client: GraphClient;
  /** Asks for each address with the tenant's properties; in order, with whatever status came. */
  ask(addresses: readonly Address[]): Promise<readonly (ReadAnswer | GraphReadError)[]>;
  /** The devices at some paths, in order; one that fails leaves the others alone. */
  devicesAt(paths: readonly string[]): Promise<readonly ReadResult[]>;
  /** The device at a path with its bypass code, in one GET of its own; throws `GraphReadError`. */
  closely(path: string, withCode: boolean): Promise<CloseLook>;
  /** Only which device each path leads to: its id, null where there is none. */
  idsAt(paths: readonly string[]): Promise<readonly IdResult[]>;
}

/** A path, completed with the properties to select. */
export type Address = (select: readonly string[]) => string;

/** Null where Graph does not know the device; an error where this one read failed. */
export type IdResult = string | null | GraphReadError;

/** Reads through `$batch`, but for a close look, which is one GET of its own. */
export function createDeviceReads(client: GraphClient): DeviceReads {
  const selection = createSelection();
  const readMany = createBatchReads(client);
  const readLast = createBatchReads({ ...client, read: (facts) => client.read({ ...facts, rateClass: "look" }) });
  const ask = (addresses: readonly Address[]) => askSelecting(readMany, selection, addresses);
  const devicesAt = async (paths: readonly string[]) => {
    const answers = await ask(paths.map((path) => (select: readonly string[]) => withQuery(path, { select })));
    return answers.map((answer, index) =>
      interpret(answer, paths[index] ?? "", (body, { graphTime }) => at(graphTime, parseEntry(client, body))),
    );
  };
  const idsAt = async (paths: readonly string[]) => {
    const answers = await readMany(paths.map((path) => withQuery(path, { select: ["id"] })));
    return answers.map((answer, index) => interpret(answer, paths[index] ?? "", parseDeviceId));
  };
  const closely = async (path: string, withCode: boolean) => {
    const address: Address = (select) => withQuery(path, { select: withCode ? [...select, CODE_PROPERTY] : select });
    // One address is never read in a batch.
    const [answer] = await askSelecting(readLast, selection, [address]);
    if (answer === undefined || answer instanceof GraphReadError) throw answer ?? unexpected("the answers", "one");
    return closeLook(client, answer, path, withCode);
  };
  return { client, ask, devicesAt, closely, idsAt };
}

/**
 * Asks once more after a 400, without the property that not every tenant knows; where that helps,
 * it is left out from then on.
 */
async function askSelecting(
  readMany: ReadMany,
  selection: Selection,
  addresses: readonly Address[],
): Promise<readonly (ReadAnswer | GraphReadError)[]> {
  const select = selection.properties();
  const answers = await readMany(addresses.map((address) => address(select)));
  const fallback = selection.fallback();
  const refused = addresses.filter((_, index) => answers[index]?.status === 400);
  if (refused.length === 0 || fallback === null) return answers;
  const again = await readMany(refused.map((address) => address(fallback)));
  if (again.some((answer) => answer.status !== 400)) selection.remember();
  const second = again.values();
  return answers.map((answer) => (answer.status === 400 ? (second.next().value ?? answer) : answer));
}

const FROM_CACHE = "a cache on the way to Graph answered the last look at the device: what it shows may be old";
const NO_CACHES = "nothing was sent; have what stands before Graph keep no answers";

/** Leaves the server's own words out: they may hold a secret that is not known yet. */
function closeLook(client: GraphClient, answer: ReadAnswer, path: string, withCode: boolean): CloseLook {
  if (isFromCache(answer.headers)) throw new GraphReadError(FROM_CACHE, { hint: NO_CACHES });
  // A device that is gone at this very moment is looked at again by the next run, which can tell.
  if (!isOk(answer)) throw readError(`the device at ${path} once more`, { status: answer.status, body: "" }, []);
  const body = parseBody(answer);
  const { device } = at(answer.graphTime, parseEntry(client, body));
  return { device, code: withCode ? orReadError(() => parseCode(client, body).code) : null };
}

function interpret<T>(
  answer: ReadAnswer | GraphReadError,
  path: string,
  parse: (body: unknown, answer: ReadAnswer) => T,
): T | null | GraphReadError {
  if (answer instanceof GraphReadError) return answer;
  if (answer.status === 404) return readNotFound(`the device at ${path}`, answer, answer.secrets);
  if (!isOk(answer)) return readError(`the device at ${path}`, answer, answer.secrets);
  return orReadError(() => parse(parseBody(answer), answer));
}

/**
 * Gives a `GraphReadError` back as a value, so that one answer of an unknown form does not end the
 * reads beside it.
 */
export function orReadError<T>(work: () => T): T | GraphReadError {
  try {
    return work();
  } catch (error) {
    if (error instanceof GraphReadError) return error;
    throw error;
  }
}

/** The device as Graph showed it at that time of its own. */
function at(graphTime: number | null, { device, userId }: DirectoryEntry): DirectoryEntry {
  return graphTime === null ? { device, userId } : { userId, device: { ...device, graphTime: new Date(graphTime).toISOString() } };
}

/** Like `parseDevice`; what the device's results hold of secrets is known from then on. */
export function parseEntry(client: GraphClient, value: unknown): DirectoryEntry {
  const entry = parseDevice(value);
  for (const { secret } of entry.device.deviceActionResults) if (secret !== undefined) client.keepSecret(secret);
  return entry;
}

/** Like `parseBypassCode`; the code is known as a secret from then on. */
export function parseCode(client: GraphClient, value: unknown): ReturnType<typeof parseBypassCode> {
  const read = parseBypassCode(value);
  if (read.code !== null) client.keepSecret(read.code);
  return read;
}

/** True for 2xx alone: a redirect is no answer. */
export function isOk(answer: Pick<GraphAnswer, "status">): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/** The layers below let only JSON objects through as answers to reads. */
export function parseBody(answer: Pick<GraphAnswer, "body">): Readonly<Record<string, unknown>> {
  const body: unknown = JSON.parse(answer.body);
  if (isObject(body)) return body;
  throw unexpected("the answer", "an object");
}

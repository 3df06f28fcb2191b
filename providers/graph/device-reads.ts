import { GraphReadError } from "../domain/errors.ts";
import { isObject } from "../domain/json.ts";
import { type GraphAnswer, readError } from "./answer.ts";
import { createBatchReads, type ReadAnswer, type ReadMany } from "./batch.ts";
import type { GraphClient } from "./graph-client.ts";
import { readNotFound } from "./not-found.ts";
import { type DirectoryEntry, parseDevice, parseDeviceId, unexpected } from "./parse-device.ts";
import { createSelection, type Selection } from "./selected-properties.ts";
import { withQuery } from "./urls.ts";

/** What one read of a device gave: null where Graph itself says that it knows none, or the error that ended it. */
export type ReadResult = DirectoryEntry | null | GraphReadError;

/** Reads from Graph, with what was learnt about the properties that the tenant knows. */
export interface DeviceReads {
  readonly client: GraphClient;
  /** Asks for each address with the tenant's properties; in order, with whatever status came. */
  ask(addresses: readonly Address[]): Promise<readonly (ReadAnswer | GraphReadError)[]>;
  /** The devices at some paths, in order; one that fails leaves the others alone. */
  devicesAt(paths: readonly string[]): Promise<readonly ReadResult[]>;
  /** Only which device each path leads to: its id, null where there is none. */
  idsAt(paths: readonly string[]): Promise<readonly IdResult[]>;
}

/** A path, completed with the properties to select. */
export type Address = (select: readonly string[]) => string;

export type IdResult = string | null | GraphReadError;

export function createDeviceReads(client: GraphClient): DeviceReads {
  const selection = createSelection();
  const readMany = createBatchReads(client);
  const ask = (addresses: readonly Address[]) => askSelecting(readMany, selection, addresses);
  const devicesAt = async (paths: readonly string[]) => {
    const answers = await ask(paths.map((path) => (select: readonly string[]) => withQuery(path, { select })));
    return answers.map((answer, index) => interpret(answer, paths[index] ?? "", (body) => parseEntry(client, body)));
  };
  const idsAt = async (paths: readonly string[]) => {
    const answers = await readMany(paths.map((path) => withQuery(path, { select: ["id"] })));
    return answers.map((answer, index) => interpret(answer, paths[index] ?? "", parseDeviceId));
  };
  return { client, ask, devicesAt, idsAt };
}

/** What is answered 400 is asked once more without the property that not every tenant knows; where that helps, it is left out from then on. */
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

function interpret<T>(answer: ReadAnswer | GraphReadError, path: string, parse: (body: unknown) => T): T | null | GraphReadError {
  if (answer instanceof GraphReadError) return answer;
  if (answer.status === 404) return readNotFound(`the device at ${path}`, answer, answer.secrets);
  if (!isOk(answer)) return readError(`the device at ${path}`, answer, answer.secrets);
  return orReadError(() => parse(parseBody(answer)));
}

/** What cannot be understood stops whoever asked for it, and nobody else. */
export function orReadError<T>(work: () => T): T | GraphReadError {
  try {
    return work();
  } catch (error) {
    if (error instanceof GraphReadError) return error;
    throw error;
  }
}

/** Like `parseDevice`; what the device's results hold of secrets is known from then on. */
export function parseEntry(client: GraphClient, value: unknown): DirectoryEntry {
  const entry = parseDevice(value);
  for (const { secret } of entry.device.deviceActionResults) if (secret !== undefined) client.keepSecret(secret);
  return entry;
}

export function isOk(answer: Pick<GraphAnswer, "status">): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/** The layers below let only JSON objects through as answers to reads. */
export function parseBody(answer: Pick<GraphAnswer, "body">): Readonly<Record<string, unknown>> {
  const body: unknown = JSON.parse(answer.body);
  if (isObject(body)) return body;
  throw unexpected("the answer", "an object");
}

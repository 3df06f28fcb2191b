import type { DriftFinding } from "../domain/drift.ts";
import { isObject, parseJson } from "../domain/json.ts";
import { findingsOf } from "./drift-findings.ts";
import type { PublicOutputs } from "./state.ts";

/** What a shelf is to hold. Each is one text: the engine walks through every value of a tree. */
export interface ShelfInputs {
  /** JSON: edition by key (`NAME#generation`) of each request. */
  readonly keys: string;
  /** JSON: what refreshes found of those that come from elsewhere, by key; absent where nothing. */
  readonly findings?: string;
}

/** Outputs of a shelf, as docs/outputs.md promises them; `keys` is for our own diff. */
export interface ShelfOutputs {
  readonly keys: string;
  readonly count: number;
  /** JSON: the public outputs of each request by its name. */
  readonly requests: string;
}

/**
 * The one way to the requests that a resource of state stands for: itself where it is a request's,
 * all that stand on it where it is a shelf. Not checked further; empty for what has no outputs.
 */
export function requestsIn(outputs: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!isObject(outputs)) return [];
  return isShelf(outputs) ? shelvedIn(outputs.requests) : [outputs];
}

/**
 * Of all resources of a state, each request once: a run that died after it had filled a shelf
 * leaves some in both places, and the resource of its own counts.
 */
export function requestsOfState(all: readonly unknown[]): readonly Readonly<Record<string, unknown>>[] {
  const shelves = all.filter((outputs) => isObject(outputs) && isShelf(outputs));
  const own = all.filter((outputs) => isObject(outputs) && !isShelf(outputs)).flatMap(requestsIn);
  const names = new Set(own.map(requestName));
  return [...own, ...shelves.flatMap(requestsIn).filter((one) => !names.has(requestName(one)))];
}

/** In the outputs of one; undefined for what is none. */
export function requestName({ request }: Readonly<Record<string, unknown>>): string | undefined {
  return isObject(request) && typeof request.name === "string" ? request.name : undefined;
}

function isShelf(outputs: Readonly<Record<string, unknown>>): outputs is Readonly<Record<string, unknown>> & ShelfOutputs {
  return typeof outputs.keys === "string" && typeof outputs.requests === "string";
}

function shelvedIn(text: string): readonly Readonly<Record<string, unknown>>[] {
  const requests = parseJson(text);
  return isObject(requests) ? Object.values(requests).filter(isObject) : [];
}

/** Of a text that a shelf wrote. Throws `TypeError` for another one. */
export function publicOutputsIn({ requests }: Pick<ShelfOutputs, "requests">): readonly PublicOutputs[] {
  const found = shelvedIn(requests);
  if (found.every(isPublic)) return found;
  throw new TypeError("a shelf in the state holds what is no request");
}

/** As far as we read them; the rest is as we wrote it. */
function isPublic(value: Readonly<Record<string, unknown>>): value is Readonly<Record<string, unknown>> & PublicOutputs {
  const { request, device, outcome, steps, conditions } = value;
  const isNamed = isObject(request) && typeof request.name === "string" && typeof request.generation === "number";
  return isNamed && isObject(device) && typeof outcome === "string" && Array.isArray(steps) && Array.isArray(conditions);
}

/** Edition by key, in the order of the shelf. Throws `TypeError` for what is none of ours. */
export function shelvedKeys(keys: string): readonly (readonly [string, string])[] {
  const found = parseJson(keys);
  const entries: readonly (readonly [string, unknown])[] = isObject(found) ? Object.entries(found) : [];
  if (isObject(found) && entries.every(isText)) return entries;
  throw new TypeError("a shelf does not say what it is to hold");
}

function isText(entry: readonly [string, unknown]): entry is readonly [string, string] {
  return typeof entry[1] === "string";
}

/** By key; what is none of ours is left out. */
export function carriedFindings({ findings }: ShelfInputs): ReadonlyMap<string, readonly DriftFinding[]> {
  const found = findings === undefined ? {} : parseJson(findings);
  const entries = isObject(found) ? Object.entries(found) : [];
  return new Map(entries.map(([key, drift]) => [key, findingsOf({ drift })]));
}

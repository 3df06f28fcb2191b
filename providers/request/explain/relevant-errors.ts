import type { ErrorObject } from "ajv";
import { isObject } from "../../domain/json.ts";

/**
 * What the schema says in one place: the faults that a person should read about it, at least one.
 */
export interface FaultyPlace {
  /** Keys and indexes from the root of the file. */
  readonly path: readonly string[];
  readonly errors: readonly ErrorObject[];
}

/** Faults of a mapping as a whole: there may be several of them in one place. */
const OF_KEYS: ReadonlySet<string> = new Set(["additionalProperties", "required", "oneOf"]);
/** Follow from other faults, or are explained by a rule of ours with better words. */
const SILENT: ReadonlySet<string> = new Set(["anyOf", "allOf", "not"]);

/**
 * Reduces what the validator found to the causes: it also reports each alternative that did not
 * fit, and what follows from a wrong type.
 */
export function relevantErrors(errors: readonly ErrorObject[]): readonly FaultyPlace[] {
  const byPath = new Map<string, ErrorObject[]>();
  for (const error of errors) {
    if (SILENT.has(error.keyword) || isAlternative(error) || isOfOtherForm(error)) continue;
    const known = byPath.get(error.instancePath);
    if (known === undefined) byPath.set(error.instancePath, [error]);
    else known.push(error);
  }
  const places: FaultyPlace[] = [];
  for (const [pointer, found] of byPath) {
    const path = parsePointer(pointer);
    if (!hasCrowdedAncestor(byPath, path)) places.push({ path, errors: causes(found) });
  }
  return places;
}

/** `required` inside oneOf or anyOf: one of several ways, none of them demanded. */
function isAlternative(error: ErrorObject): boolean {
  return error.keyword === "required" && /\/(?:oneOf|anyOf)\/\d+\/required$/.test(error.schemaPath);
}

/**
 * A step is a word or a mapping: what the schema says about the form that was not meant is left
 * out.
 */
function isOfOtherForm({ schemaPath, data }: ErrorObject): boolean {
  const form = /\/step\/anyOf\/(\d)\/[a-zA-Z]+$/.exec(schemaPath)?.[1];
  return form !== undefined && (form === "0") === isObject(data);
}

function causes(found: readonly ErrorObject[]): readonly ErrorObject[] {
  const whole = found.find((error) => error.keyword === "type") ?? found.find((error) => error.keyword === "maxProperties");
  if (whole !== undefined) return [whole];
  if (misspeltFile(found)) return found.filter((error) => error.keyword === "additionalProperties");
  const firstOfValue = found.find((error) => !OF_KEYS.has(error.keyword));
  return found.filter((error) => OF_KEYS.has(error.keyword) || error === firstOfValue);
}

/** A file has one key: where another one stands, that it is missing says nothing new. */
function misspeltFile(found: readonly ErrorObject[]): boolean {
  return found.some((error) => error.keyword === "additionalProperties" && error.instancePath === "");
}

/** Under a step of two keys, what is wrong with either key follows from that. */
function hasCrowdedAncestor(byPath: ReadonlyMap<string, readonly ErrorObject[]>, path: readonly string[]): boolean {
  const parent = byPath.get(renderPointer(path.slice(0, -1)));
  return path.length > 0 && (parent?.some((error) => error.keyword === "maxProperties") ?? false);
}

/** RFC 6901. */
export function parsePointer(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function renderPointer(path: readonly string[]): string {
  return path.map((segment) => `/${segment.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

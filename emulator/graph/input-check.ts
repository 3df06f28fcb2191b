import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import leven from "leven";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { isObject } from "../../providers/domain/json.ts";
import { ACTION_STATES } from "../../providers/domain/managed-device.ts";
import type { EmulatedToken } from "./authorization.ts";
import { type PropertyType, propertyNames, propertyType } from "./devices/device-properties.ts";
import type { EmulatedDevice } from "./devices/emulated-device.ts";
import type { FaultSpec } from "./faults/fault-spec.ts";
import { FAULT_SCHEMA, SETTINGS_SCHEMA, TOKEN_SCHEMA } from "./input-schemas.ts";

const SETTINGS_KEY = "x-emulator";

/**
 * What Graph writes beside the properties: let through, so that an answer of Graph's can serve as a
 * device file.
 */
const ANNOTATION = "@odata.";

const compiled = new Map<object, ValidateFunction>();

/** Compiled when it is first needed: few emulators are given faults, or tokens. */
function validatorOf(schema: object): ValidateFunction {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const ajv = new Ajv({ allErrors: true, verbose: true, discriminator: true, allowUnionTypes: true, strictTypes: false });
  const validate = ajv.addFormat("date-time", isDate).compile(schema);
  compiled.set(schema, validate);
  return validate;
}

const fits =
  <T>(schema: object) =>
  (item: unknown): item is T =>
    validatorOf(schema)(item);

/**
 * `where` names the file or option in the message. Throws `ConfigurationError` with every mistake,
 * one a line.
 */
export function checkDevices(items: readonly unknown[], where: string): readonly EmulatedDevice[] {
  return checkAll(items, where, (item): item is EmulatedDevice => isObject(item), deviceMistakes);
}

/** Throws for all mistakes of the file at once; `where` names it. */
export function checkFaults(items: readonly unknown[], where: string): readonly FaultSpec[] {
  return checkAll(items, where, fits<FaultSpec>(FAULT_SCHEMA), (item) => schemaMistakes(FAULT_SCHEMA, item));
}

/** Throws for all mistakes of the file at once; `where` names it. */
export function checkTokens(items: readonly unknown[], where: string): readonly EmulatedToken[] {
  return checkAll(items, where, fits<EmulatedToken>(TOKEN_SCHEMA), (item) => schemaMistakes(TOKEN_SCHEMA, item));
}

function checkAll<T>(
  items: readonly unknown[],
  where: string,
  isRight: (item: unknown) => item is T,
  mistakesOf: (item: unknown) => readonly string[],
): readonly T[] {
  const mistakes = items.flatMap((item, index) => mistakesOf(item).map((mistake) => `${where}: ${itemName(item, index)}: ${mistake}`));
  if (mistakes.length > 0) throw new ConfigurationError(mistakes.join("\n"));
  return items.filter(isRight);
}

function itemName(item: unknown, index: number): string {
  const name = isObject(item) ? (item.serialNumber ?? item.id) : undefined;
  return typeof name === "string" ? `item ${index + 1} (${name})` : `item ${index + 1}`;
}

function deviceMistakes(item: unknown): readonly string[] {
  if (!isObject(item)) return ["a device must be a mapping of properties"];
  const { [SETTINGS_KEY]: settings, ...properties } = item;
  const given = Object.entries(properties).filter(([name, value]) => value !== undefined && !name.startsWith(ANNOTATION));
  const unnamed = typeof item.id !== "string" && typeof item.serialNumber !== "string" ? ["needs a serialNumber or an id"] : [];
  const inSettings =
    settings === undefined ? [] : schemaMistakes(SETTINGS_SCHEMA, settings).map((mistake) => `${SETTINGS_KEY}: ${mistake}`);
  return [...unnamed, ...given.flatMap(([name, value]) => propertyMistakes(name, value)), ...inSettings];
}

function propertyMistakes(name: string, value: unknown): readonly string[] {
  const type = propertyType(name);
  if (type === undefined) return [`managedDevice has no property ${JSON.stringify(name)}${nearest(name, propertyNames("beta"))}`];
  if (!PROPERTY_CHECKS[type](value)) return [`${name} must be ${PROPERTY_WORDS[type]}`];
  return name === "deviceActionResults" && Array.isArray(value) ? value.flatMap(resultMistakes) : [];
}

function resultMistakes(result: unknown): readonly string[] {
  const states: readonly unknown[] = ACTION_STATES;
  const isRight = isObject(result) && typeof result.actionName === "string" && states.includes(result.actionState);
  return isRight ? [] : [`each of deviceActionResults needs actionName, and actionState: one of ${ACTION_STATES.join(", ")}`];
}

const PROPERTY_CHECKS: Readonly<Record<PropertyType, (value: unknown) => boolean>> = {
  text: (value) => value === null || typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  nullableBoolean: (value) => value === null || typeof value === "boolean",
  integer: Number.isSafeInteger,
  dateTime: isDate,
  nullableDateTime: (value) => value === null || isDate(value),
  object: (value) => value === null || isObject(value),
  list: Array.isArray,
  word: (value) => typeof value === "string",
};

const PROPERTY_WORDS: Readonly<Record<PropertyType, string>> = {
  text: "text or null",
  boolean: "true or false",
  nullableBoolean: "true, false or null",
  integer: "a whole number",
  dateTime: "a time such as 2026-01-12T09:30:00Z",
  nullableDateTime: "a time such as 2026-01-12T09:30:00Z, or null",
  object: "a mapping or null",
  list: "a list",
  word: "one of Graph's words",
};

function isDate(value: unknown): boolean {
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value));
}

/** Keywords whose errors only repeat that something inside does not fit. */
const SUMMARIES: readonly string[] = ["anyOf", "propertyNames"];

/** One value where a list would do as well: no need to say so. */
const SECOND_CHOICE = /\/anyOf\/1\/type$/;

function schemaMistakes(schema: object, item: unknown): readonly string[] {
  const validate = validatorOf(schema);
  if (validate(item)) return [];
  const telling = (validate.errors ?? []).filter((error) => !SUMMARIES.includes(error.keyword) && !SECOND_CHOICE.test(error.schemaPath));
  return [...new Set(telling.map(describe))];
}

function describe(error: ErrorObject): string {
  const place = error.instancePath === "" ? "" : `${error.instancePath.slice(1).replaceAll("/", ".")}: `;
  if (error.keyword === "additionalProperties") {
    const known: unknown = error.parentSchema?.properties ?? {};
    return `${place}unknown key ${JSON.stringify(error.params.additionalProperty)}${nearest(String(error.params.additionalProperty), Object.keys(isObject(known) ? known : {}))}`;
  }
  const allowed: unknown = error.params.allowedValues;
  const name = error.propertyName === undefined ? "" : `${JSON.stringify(error.propertyName)} `;
  return `${place}${name}${error.message ?? "does not fit"}${Array.isArray(allowed) ? `: ${allowed.join(", ")}` : ""}`;
}

const NEAR = 3;

function nearest(name: string, known: readonly string[]): string {
  const [best] = known
    .map((candidate) => ({ candidate, distance: leven(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= NEAR ? ` (did you mean ${JSON.stringify(best.candidate)}?)` : "";
}

import { isObject, type JsonValue } from "../../domain/json.ts";
import { listed } from "../../support/words.ts";
import { REQUESTS_SCHEMA } from "../schema/schema.ts";
import { flowYaml } from "../yaml/flow-yaml.ts";
import { exampleDate } from "./example-date.ts";

/**
 * `write for example expires: DAY. Last day (UTC) …`: the example and the description that editors
 * show, from the schema.
 */
export function schemaHint(schema: unknown, path: readonly string[]): string | undefined {
  const example = exampleValue(schema);
  const description = isObject(schema) && typeof schema.description === "string" ? schema.description : "";
  const written = example === undefined ? "" : `write for example ${keyBefore(path)}${flowYaml(example)}`;
  return [written, description].filter((part) => part !== "").join(". ") || undefined;
}

/** `write device, devices or devicesFrom, for example device: { … }` */
export function choiceHint(keys: readonly string[]): string {
  const first = keys[0] ?? "";
  return `write ${listed(keys)}, for example ${first}: ${exampleOf(requestProperty(first))}`;
}

/** The example of a schema as YAML, or `…`. */
export function exampleOf(schema: unknown): string {
  const example = exampleValue(schema);
  return example === undefined ? "…" : flowYaml(example);
}

/** Keys that a request can have. */
export const REQUEST_KEYS: readonly string[] = Object.keys(requestProperties());

function requestProperty(key: string): unknown {
  const schema = requestProperties()[key];
  const reference = isObject(schema) && typeof schema.$ref === "string" ? schema.$ref.split("/").at(-1) : undefined;
  return reference === undefined ? schema : definition(reference);
}

function requestProperties(): Readonly<Record<string, unknown>> {
  const request = definition("request");
  return isObject(request) && isObject(request.properties) ? request.properties : {};
}

function definition(name: string): unknown {
  return isObject(REQUESTS_SCHEMA.definitions) ? REQUESTS_SCHEMA.definitions[name] : undefined;
}

function exampleValue(schema: unknown): JsonValue | undefined {
  if (isObject(schema) && schema.format === "date") return exampleDate();
  return isObject(schema) && Array.isArray(schema.examples) ? (schema.examples[0] as JsonValue) : undefined;
}

/** `expires: `, or the dash of a list's item. */
function keyBefore(path: readonly string[]): string {
  const last = path.at(-1);
  return last === undefined ? "" : /^\d+$/.test(last) ? "- " : `${last}: `;
}

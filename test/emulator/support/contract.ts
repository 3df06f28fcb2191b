import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import type { GraphVersion } from "../../../emulator/graph/graph-call.ts";
import { contractFile } from "../../support/contract-document.ts";

type Json = Readonly<Record<string, unknown>>;

/** A parameter of an action's body by its path, such as `outer.inner`. */
export interface ContractParameter {
  readonly path: string;
  readonly type: string;
  /** The words that it can be, but for the one that is kept for the future. */
  readonly values: readonly string[] | null;
}

export interface Contract {
  /** True when the path exists with this verb. */
  has(path: string, verb: "get" | "post" | "delete"): boolean;
  /** Names of the properties of an action's body; empty where it has none. */
  parametersOf(path: string): readonly string[];
  /** Every remote action by name, of one device or of many; `delete` among them. */
  actions(): ReadonlyMap<string, readonly ContractParameter[]>;
  /** Names of the properties of a type, inherited ones left out. */
  propertiesOf(type: string): readonly string[];
  /** What is wrong with the body of a 200 answer to a GET of this path; empty when nothing is. */
  answerMistakes(path: string, body: unknown): readonly string[];
  /** What is wrong with an error's body. */
  errorMistakes(body: unknown): readonly string[];
}

/**
 * The OpenAPI descriptions of both versions, or null where they are not at hand: tests then say so
 * and skip.
 */
export function readContract(version: GraphVersion): Contract | null {
  const file = contractFile(version);
  if (file === null) return null;
  const document: unknown = JSON.parse(readFileSync(file, "utf8"));
  const components = at(document, "components", "schemas") as Record<string, unknown>;
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false, formats: { "date-time": DATE_TIME, int64: true, int32: true } });
  for (const [name, schema] of Object.entries(components)) ajv.addSchema(jsonSchema(schema) as Json, `${ROOT}${name}`);
  const compile = (schema: unknown): ValidateFunction => ajv.compile(jsonSchema(schema) as Json);
  const errorType = compile({ $ref: `#/components/schemas/${"error" in components ? "error" : "odataError"}` });
  return {
    has: (path, verb) => at(document, "paths", path, verb) !== undefined,
    parametersOf: (path) =>
      Object.keys(at(document, "paths", path, "post", "requestBody", "content", "application/json", "schema", "properties") ?? {}),
    actions: () => remoteActions(document),
    propertiesOf: (type) => Object.keys(at(components, type, "properties") ?? {}),
    answerMistakes(path, body) {
      const schema = at(document, "paths", path, "get", "responses", "200", "content", "application/json", "schema");
      return schema === undefined ? [`the contract has no answer for GET ${path}`] : mistakes(compile(schema), body);
    },
    errorMistakes: (body) => mistakes(errorType, body),
  };
}

const DEVICE_PATH = /\/managedDevices?(?:\/\{[\w-]+\})?$/;

function remoteActions(document: unknown): ReadonlyMap<string, readonly ContractParameter[]> {
  const found = new Map<string, readonly ContractParameter[]>();
  for (const [path, item] of Object.entries((at(document, "paths") ?? {}) as Json)) {
    const [owner = "", name] = path.split("/microsoft.graph.");
    if (name === undefined && /\/managedDevices\/\{[\w-]+\}$/.test(path) && at(item, "delete") !== undefined) found.set("delete", []);
    if (name === undefined || name.includes("/") || !DEVICE_PATH.test(owner) || at(item, "post") === undefined) continue;
    const schema = at(item, "post", "requestBody", "content", "application/json", "schema");
    found.set(name, bodyParameters(document, schema, ""));
  }
  return found;
}

function bodyParameters(document: unknown, schema: unknown, before: string): readonly ContractParameter[] {
  const properties = Object.entries((at(resolved(document, schema), "properties") ?? {}) as Json).filter(
    ([name]) => name !== "@odata.type",
  );
  return properties.flatMap(([name, property]) => {
    const path = `${before}${name}`;
    const meant = resolved(document, property);
    const words = at(meant, "enum");
    const values = Array.isArray(words) ? words.map(String).filter((word) => word !== "unknownFutureValue") : null;
    return [{ path, type: String(at(meant, "type")), values }, ...bodyParameters(document, meant, `${path}.`)];
  });
}

/** The schema behind a reference, also one that stands in an `allOf` of its own. */
function resolved(document: unknown, schema: unknown): unknown {
  const reference = at(schema, "$ref") ?? at(schema, "allOf", "0", "$ref");
  return typeof reference === "string" ? at(document, ...reference.split("/").slice(1)) : schema;
}

const ROOT = "contract:";
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

function mistakes(validate: ValidateFunction, body: unknown): readonly string[] {
  return validate(body) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

/**
 * OpenAPI 3.0 says `nullable` beside `allOf`, and refers to `#/components`; JSON Schema has
 * neither.
 */
function jsonSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(jsonSchema);
  if (typeof schema !== "object" || schema === null) return schema;
  const { nullable, $ref, example: _example, ...rest } = schema as Record<string, unknown>;
  const plain = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, jsonSchema(value)]));
  if (typeof $ref === "string") return { $ref: $ref.replace("#/components/schemas/", ROOT) };
  return nullable === true ? { anyOf: [{ type: "null" }, plain] } : plain;
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  let current = value;
  for (const key of keys) {
    if (typeof current !== "object" || current === null) return undefined;
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}

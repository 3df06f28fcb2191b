import fc from "fast-check";
import { isObject, type JsonValue } from "../../providers/domain/json.ts";
import { hostileText } from "../support/hostile-text.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * Values that a description allows, of a type named `v1.0.microsoft.graph.managedDevice` and the
 * like; nothing is nested for ever.
 */
export function valuesOf(document: Json, name: string): fc.Arbitrary<JsonValue> {
  return ofSchema(document, { $ref: `#/components/schemas/${name}` }, 4);
}

function ofSchema(document: Json, schema: unknown, depth: number): fc.Arbitrary<JsonValue> {
  if (!isObject(schema) || depth === 0) return fc.constant(null);
  if (typeof schema.$ref === "string") return ofSchema(document, resolve(document, schema.$ref), depth);
  const plain = ofPlain(document, schema, depth);
  return schema.nullable === true ? fc.oneof({ weight: 3, arbitrary: plain }, fc.constant(null)) : plain;
}

function ofPlain(document: Json, schema: Json, depth: number): fc.Arbitrary<JsonValue> {
  for (const list of [schema.allOf, schema.anyOf, schema.oneOf]) if (Array.isArray(list)) return ofSchema(document, list[0], depth);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as readonly string[]));
  switch (schema.type) {
    case "object":
      return fc.record(propertiesOf(document, schema, depth), { requiredKeys: [] }) as fc.Arbitrary<JsonValue>;
    case "array":
      return fc.array(ofSchema(document, schema.items, depth - 1), { maxLength: 3 });
    case "boolean":
      return fc.boolean();
    case "integer":
    case "number":
      return fc.integer();
    default:
      return schema.format === "date-time" ? dateTime : fc.oneof(hostileText, fc.string({ maxLength: 12 }));
  }
}

function propertiesOf(document: Json, schema: Json, depth: number): Record<string, fc.Arbitrary<JsonValue>> {
  const properties = isObject(schema.properties) ? schema.properties : {};
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, ofSchema(document, property, depth - 1)]));
}

function resolve(document: Json, reference: string): unknown {
  return reference
    .slice(2)
    .split("/")
    .reduce<unknown>((node, part) => (isObject(node) ? node[part] : undefined), document);
}

const dateTime = fc.oneof(
  { weight: 4, arbitrary: fc.constant("2026-11-20T11:00:00Z") },
  fc.constantFrom(
    "2017-04-13T15:51:04Z",
    "2026-11-20T11:00:00.1234567Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "2026-11-20T11:00:00+25:00",
    "2026-02-31T00:00:00Z",
    "yesterday",
  ),
);

/** Anything that JSON can hold, with names that only JavaScript gives a meaning. */
export const junk: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(null, true, 0, -1, 1e308, "", "x".repeat(100_000), [], {}, [[[]]], { length: 3 }),
  hostileText,
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>,
  fc.constant<JsonValue>(JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"then":1}')),
);

/**
 * JSON text of an object in which some properties are something else than they were, missing, or
 * there twice.
 */
export function spoilt(object: fc.Arbitrary<Json>, names: readonly string[]): fc.Arbitrary<string> {
  const change = fc.tuple(fc.constantFrom(...names, "__proto__", "constructor", "toJSON"), fc.option(junk, { nil: undefined }));
  return fc.tuple(object, fc.array(change, { maxLength: 2 }), fc.boolean()).map(([honest, changes, twice]) => {
    const entries = new Map<string, unknown>(Object.entries(honest));
    for (const [name, value] of changes) entries.set(name, value);
    const parts = [...entries]
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
    return `{${[...parts, ...(twice ? parts.slice(0, 1) : [])].join(",")}}`;
  });
}

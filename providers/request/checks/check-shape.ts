import type { ErrorObject } from "ajv";
import type { Diagnostic } from "../../domain/diagnostic.ts";
import { isObject, type JsonObject, type JsonValue } from "../../domain/json.ts";
import { explainError } from "../explain/explain-error.ts";
import { parsePointer, relevantErrors } from "../explain/relevant-errors.ts";
import type { SourceFile } from "../files/source-file.ts";
import { findSchemaErrors } from "../schema/find-schema-errors.ts";
import { entryOf, itemsOf, nodeAt, toJson, type YamlMap, type YamlNode } from "../yaml/yaml-node.ts";

/**
 * One item of a file's list, with the fields whose form is right. A field that is missing here may
 * still stand in the file.
 */
export interface Entry<Fields> {
  readonly file: SourceFile;
  readonly node: YamlMap;
  readonly fields: Partial<Fields>;
  /** False when the schema found any fault in it. */
  readonly sound: boolean;
}

/** The entries of a file as its schema allows them, and what the schema found. */
export interface CheckedShape<Fields> {
  readonly entries: readonly Entry<Fields>[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Checks a whole file against its schema. `list` is the file's one key; `Fields` is what the schema
 * promises for its items. The frame and each item are validated on their own: over a whole list the
 * validator takes quadratic time to collect its errors.
 */
export function checkShape<Fields>(file: SourceFile, root: YamlNode, schema: JsonObject, list: string): CheckedShape<Fields> {
  const items = itemsOf(entryOf(root, list)?.value);
  const frame = toJson(items.length === 0 ? root : withoutItems(root, list));
  const ofFrame = explain(file, root, findSchemaErrors(schema, frame), null);
  const checked = items.map((node, index) => checkItem<Fields>(file, node, (data) => findSchemaErrors(schema, { [list]: [data] }), index));
  return {
    entries: checked.flatMap(({ entry }) => entry ?? []),
    diagnostics: [ofFrame, ...checked.map(({ diagnostics }) => diagnostics)].flat(),
  };
}

function withoutItems(root: YamlNode, list: string): YamlNode {
  if (root.kind !== "map") return root;
  const entries = [...root.entries].map(([key, entry]) => [key, key === list ? { ...entry, value: NO_ITEMS } : entry] as const);
  return { ...root, entries: new Map(entries) };
}

const NO_ITEMS: YamlNode = { kind: "list", offset: 0, items: [] };

interface CheckedItem<Fields> {
  /** Null for an item that is no mapping. */
  readonly entry: Entry<Fields> | null;
  readonly diagnostics: readonly Diagnostic[];
}

type Validate = (data: JsonValue) => readonly ErrorObject[];

function checkItem<Fields>(file: SourceFile, node: YamlNode, validate: Validate, index: number): CheckedItem<Fields> {
  const data = toJson(node);
  const errors = validate(data);
  const diagnostics = explain(file, node, errors, index);
  if (node.kind !== "map" || !isObject(data)) return { entry: null, diagnostics };
  const faults = new Set(errors.map((error) => parsePointer(error.instancePath)[2]));
  const sane = Object.entries(data).filter(([key]) => !faults.has(key));
  // The schema has proved that every field without a fault has the type that `Fields` says.
  const fields = Object.fromEntries(sane) as Partial<Fields>;
  return { entry: { file, node, fields, sound: errors.length === 0 }, diagnostics };
}

/**
 * `node` is the frame, or the item that stands at `index` in the file and was validated as the only
 * one.
 */
function explain(file: SourceFile, node: YamlNode, errors: readonly ErrorObject[], index: number | null): readonly Diagnostic[] {
  return relevantErrors(errors).flatMap(({ path, errors: found }) => {
    const inNode = index === null ? path : path.slice(2);
    const inFile = index === null ? path : [...path.slice(0, 1), String(index), ...inNode];
    const place = nodeAt(node, inNode) ?? node;
    return found.map((error) => explainError(file, error, inFile, place));
  });
}

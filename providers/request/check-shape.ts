import type { Diagnostic } from "../domain/diagnostic.ts";
import type { JsonObject } from "../domain/json.ts";
import { explainError } from "./explain-error.ts";
import { parsePointer, relevantErrors } from "./relevant-errors.ts";
import type { SourceFile } from "./source-file.ts";
import { findSchemaErrors } from "./validators.ts";
import { entryOf, itemsOf, nodeAt, toJson, type YamlMap, type YamlNode } from "./yaml-node.ts";

/** One item of a file's list, with the fields whose form is right. A field that is missing here may still stand in the file. */
export interface Entry<Fields> {
  readonly file: SourceFile;
  readonly node: YamlMap;
  readonly fields: Partial<Fields>;
  /** False when the schema found any fault in it. */
  readonly sound: boolean;
}

export interface CheckedShape<Fields> {
  readonly entries: readonly Entry<Fields>[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks a whole file against its schema. `list` is the file's one key; `Fields` is what the schema promises for its items. */
export function checkShape<Fields>(file: SourceFile, root: YamlNode, schema: JsonObject, list: string): CheckedShape<Fields> {
  const errors = findSchemaErrors(schema, toJson(root));
  const faults = new Map<string, Set<string>>();
  for (const error of errors) {
    const [first, index, key] = parsePointer(error.instancePath);
    if (first === list && index !== undefined) addFault(faults, index, key ?? "");
  }
  const diagnostics = relevantErrors(errors).flatMap(({ path, errors: found }) => {
    const node = nodeAt(root, path) ?? root;
    return found.map((error) => explainError(file, error, path, node));
  });
  const entries = itemsOf(entryOf(root, list)?.value).flatMap((node, index) =>
    node.kind === "map" ? [entryFrom<Fields>(file, node, faults.get(String(index)))] : [],
  );
  return { entries, diagnostics };
}

function addFault(faults: Map<string, Set<string>>, index: string, key: string): void {
  const known = faults.get(index);
  if (known === undefined) faults.set(index, new Set([key]));
  else known.add(key);
}

/** The cast is what the schema proved: every field without a fault has the type that `Fields` says. */
function entryFrom<Fields>(file: SourceFile, node: YamlMap, faults: ReadonlySet<string> | undefined): Entry<Fields> {
  const sane = [...node.entries].filter(([key]) => faults?.has(key) !== true).map(([key, entry]) => [key, toJson(entry.value)]);
  return { file, node, fields: Object.fromEntries(sane) as Partial<Fields>, sound: faults === undefined };
}

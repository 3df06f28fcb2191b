import type { JsonValue } from "../../domain/json.ts";

/**
 * YAML as this product allows it: text keys, no aliases, bounded depth; each node knows its offset
 * in the file.
 */
export type YamlNode = YamlScalar | YamlList | YamlMap;

/** Plain values by YAML 1.2's core schema: `no` and `2026-12-01` are texts. */
export interface YamlScalar {
  readonly kind: "scalar";
  readonly offset: number;
  readonly value: string | number | boolean | null;
  /** As written, without quotes: `0012345` where the value is 12345. */
  readonly written: string;
}

/** Items in order, each with its own offset. */
export interface YamlList {
  readonly kind: "list";
  readonly offset: number;
  readonly items: readonly YamlNode[];
}

/** Entries in the order of the file; a key that stands twice is a mistake found before. */
export interface YamlMap {
  readonly kind: "map";
  readonly offset: number;
  readonly entries: ReadonlyMap<string, YamlEntry>;
}

/** Where the key stands, for mistakes of the key itself. */
export interface YamlEntry {
  readonly keyOffset: number;
  readonly value: YamlNode;
}

/** Plain data. Keys become own properties whatever they are called. */
export function toJson(node: YamlNode): JsonValue {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(toJson);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, toJson(entry.value)]));
}

/** The node under a path of keys and indexes, or undefined. */
export function nodeAt(root: YamlNode, path: readonly string[]): YamlNode | undefined {
  let node: YamlNode | undefined = root;
  for (const segment of path) node = node === undefined ? undefined : childOf(node, segment);
  return node;
}

function childOf(node: YamlNode, segment: string): YamlNode | undefined {
  if (node.kind === "map") return node.entries.get(segment)?.value;
  return node.kind === "list" ? node.items[Number(segment)] : undefined;
}

/** Undefined for a key that is absent, and for a node that is no mapping. */
export function entryOf(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  return node?.kind === "map" ? node.entries.get(key) : undefined;
}

/** Empty for a node that is no list. */
export function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.kind === "list" ? node.items : [];
}

import type { YamlNode } from "../yaml/yaml-node.ts";

/** The kind of value that stands in the file, for "…, not a number". */
export function describeKind(node: YamlNode): string {
  if (node.kind === "list") return "a list";
  if (node.kind === "map") return "a mapping";
  if (node.value === null) return node.written === "" ? "nothing" : "null";
  if (typeof node.value === "string") return "text";
  return typeof node.value === "number" ? "a number" : "true or false";
}

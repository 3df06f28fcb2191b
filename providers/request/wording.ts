import type { YamlNode } from "./yaml-node.ts";

const SHOWN = 60;

/** The user's own text in a message: in quotes, cut when long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}

/** What stands there, for "…, not a number". */
export function describeKind(node: YamlNode): string {
  if (node.kind === "list") return "a list";
  if (node.kind === "map") return "a mapping";
  if (node.value === null) return node.written === "" ? "nothing" : "null";
  if (typeof node.value === "string") return "text";
  return typeof node.value === "number" ? "a number" : "true or false";
}

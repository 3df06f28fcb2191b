import { listed } from "../../support/words.ts";
import type { YamlNode } from "../yaml/yaml-node.ts";
import type { Fault } from "./fault.ts";
import { schemaHint } from "./schema-hint.ts";
import { isParameter } from "./unknown-key.ts";

/** Longer text of the user's is not said back in a hint. */
const LONGEST_REPEATED = 60;

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
};

/** Message and hint for a value of another type than the schema wants. */
export function explainType(fault: Fault): readonly [message: string, hint: string | undefined] {
  const { error, node, label } = fault;
  const wanted = String(error.params.type);
  const found = wanted === "integer" && node.kind === "scalar" && typeof node.value === "number" ? node.written : describeKind(node);
  return [`${label} must be ${TYPE_WORDS[wanted] ?? wanted}, not ${found}`, hintFor(wanted, fault)];
}

function hintFor(wanted: string, fault: Fault): string | undefined {
  const { error, node, label, path } = fault;
  if (path.length === 0) return rootHint(node);
  if (wanted === "boolean") return `write ${label}: true or ${label}: false`;
  if (label === "requests" || label === "playbooks") return listHint(node, label);
  const comment = commentAt(fault);
  if (comment !== undefined) return `behind a space, # begins a comment: put the text in quotes: ${label}: ${JSON.stringify(comment)}`;
  const written = node.kind === "scalar" && node.value !== null ? node.written : "";
  const fromText = written === "" || written.length > LONGEST_REPEATED ? undefined : hintFromText(wanted, written, fault);
  if (fromText !== undefined) return fromText;
  if (isParameter(path) && wanted === "object") return `indent the parameters below ${label}, or write the step as a plain word: ${label}`;
  return schemaHint(error.parentSchema, path);
}

/** What stands in place of a value, where that was taken for a comment. */
function commentAt({ file, node }: Fault): string | undefined {
  if (node.kind !== "scalar" || node.value !== null || node.written !== "") return undefined;
  const { line, column } = file.locate(node.offset);
  return /^ *(#[\p{L}\p{N}].{0,60})/u.exec(file.lineText(line).slice(column - 1))?.[1];
}

/** What was written, in the form that was meant. */
function hintFromText(wanted: string, written: string, { error, label, path }: Fault): string | undefined {
  const allowed: unknown = error.parentSchema?.enum;
  if (Array.isArray(allowed)) return `write ${listed(allowed.map(String))}`;
  const key = path.at(-1) ?? "";
  if (wanted === "string" && key !== "expires") return `put it in quotes: ${/^\d+$/.test(key) ? "" : `${key}: `}"${written}"`;
  if (wanted === "array" && (key === "steps" || key === "acknowledge")) return `write a list: ${key}: [${written}]`;
  return wanted === "object" && label === "device" ? `write device: { serialNumber: ${written} }` : undefined;
}

function rootHint(node: YamlNode): string {
  if (node.kind === "scalar" && String(node.value).includes(":")) return "write a space after the colon";
  return "a file starts with a line `requests:` or `playbooks:`, followed by an indented list";
}

function listHint(node: YamlNode, label: string): string {
  if (node.kind === "map" && [...node.entries.keys()].some((key) => key.startsWith("-"))) return "write a space after the dash";
  return `write a list, or ${label}: [] when there are none`;
}

/** The kind of value that stands in the file, for "…, not a number". */
function describeKind(node: YamlNode): string {
  if (node.kind === "list") return "a list";
  if (node.kind === "map") return "a mapping";
  if (node.value === null) return node.written === "" ? "nothing" : "null";
  if (typeof node.value === "string") return "text";
  return typeof node.value === "number" ? "a number" : "true or false";
}

import type { ErrorObject } from "ajv";
import type { Diagnostic } from "../domain/diagnostic.ts";
import type { DiagnosticCode } from "../domain/diagnostic-codes.ts";
import { isObject, type JsonValue } from "../domain/json.ts";
import { flowYaml } from "./flow-yaml.ts";
import type { SourceFile } from "./source-file.ts";
import { didYouMean } from "./suggest.ts";
import { explainUnknownKey, explainUnknownStep, isParameter, isStep } from "./unknown-key.ts";
import { describeKind, listed, quoted } from "./wording.ts";
import { entryOf, itemsOf, type YamlNode } from "./yaml-node.ts";

interface Fault {
  readonly file: SourceFile;
  readonly error: ErrorObject;
  readonly path: readonly string[];
  readonly node: YamlNode;
  /** What the place is called in a message: `expires`, or the key of the list that it is in. */
  readonly label: string;
}

/** One fault that the schema found, in words and with its place. */
export function explainError(file: SourceFile, error: ErrorObject, path: readonly string[], node: YamlNode): Diagnostic {
  const fault: Fault = { file, error, path, node, label: labelOf(path) };
  return (EXPLANATIONS[error.keyword] ?? explainOther)(fault);
}

function labelOf(path: readonly string[]): string {
  const key = path.findLast((segment) => !/^\d+$/.test(segment)) ?? "the file";
  return /^\d+$/.test(path.at(-1) ?? "") ? `an item of ${key}` : key;
}

const EXPLANATIONS: Readonly<Record<string, (fault: Fault) => Diagnostic>> = {
  additionalProperties: ({ file, error, path, node }) =>
    node.kind === "map"
      ? explainUnknownKey(file, node, path, String(error.params.additionalProperty), Object.keys(error.parentSchema?.properties ?? {}))
      : file.mistake("DLR011", node.offset, "unknown key"),
  required: ({ file, error, node }) => {
    const key = String(error.params.missingProperty);
    const schema = error.parentSchema?.properties?.[key];
    return file.mistake("DLR014", node.offset, `${key} is missing`, exampleHint(key, schema) ?? `write ${key}: …`);
  },
  oneOf: explainChoice,
  type: explainType,
  enum: explainEnum,
  pattern: (fault) => value(fault, `${fault.label} has the wrong form`, describeSchema(fault.error)),
  format: (fault) =>
    value(fault, `${fault.label} is not a day of the calendar`, "write the day as YYYY-MM-DD, for example expires: 2026-12-31"),
  minimum: (fault) => value(fault, `${fault.label} must be at least ${fault.error.params.limit}`, describeSchema(fault.error)),
  maximum: (fault) => value(fault, `${fault.label} must be at most ${fault.error.params.limit}`, describeSchema(fault.error)),
  maxLength: (fault) => value(fault, `${fault.label} is longer than ${fault.error.params.limit} characters`, "shorten it"),
  minItems: (fault) => value(fault, `${fault.label} is an empty list`, describeSchema(fault.error)),
  maxItems: (fault) => value(fault, `${fault.label} has more than ${fault.error.params.limit} items`, "make two requests of it"),
  minProperties: (fault) => value(fault, "this step has no name", "write the step as a word, for example wipe"),
  maxProperties: explainCrowdedStep,
  uniqueItems: ({ file, error, node, label }) => {
    const item = itemsOf(node)[Math.max(Number(error.params.i), Number(error.params.j))] ?? node;
    return file.mistake("DLR015", item.offset, `${label} holds this twice`, "delete one of the two");
  },
};

function explainOther(fault: Fault): Diagnostic {
  return value(fault, `${fault.label} has a wrong value`, describeSchema(fault.error));
}

/** A wrong value, under the code of its field. */
function value(fault: Fault, message: string, hint: string | undefined): Diagnostic {
  const key = fault.path.at(-1);
  const code: DiagnosticCode = isParameter(fault.path) ? "DLR021" : key === "expires" ? "DLR020" : isName(fault) ? "DLR016" : "DLR015";
  return fault.file.mistake(code, fault.node.offset, message, hint);
}

function isName({ path, error }: Fault): boolean {
  return error.keyword === "pattern" && path.length === 3 && (path[2] === "name" || path[2] === "repeats");
}

/** `oneOf` of keys: both or neither. */
function explainChoice({ file, error, node }: Fault): Diagnostic {
  const keys = requiredKeys(error.schema);
  const present = keys.filter((key) => entryOf(node, key) !== undefined);
  if (present.length === 0) {
    const hint = `write one of them, for example ${exampleOf(keys[0] ?? "", error.parentSchema) ?? `${keys[0]}: …`}`;
    return file.mistake("DLR018", node.offset, `${listed(keys)} is missing`, hint);
  }
  const second = entryOf(node, present[1] ?? "")?.keyOffset ?? node.offset;
  return file.mistake("DLR018", second, `${listed(present, "and")} cannot stand together`, "keep one of them");
}

function requiredKeys(alternatives: unknown): readonly string[] {
  if (!Array.isArray(alternatives)) return [];
  return alternatives.flatMap((item: unknown) => (isObject(item) && Array.isArray(item.required) ? item.required.map(String) : []));
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
};

function explainType(fault: Fault): Diagnostic {
  const { error, node, label, path } = fault;
  const wanted = String(error.params.type);
  const message = `${label} must be ${TYPE_WORDS[wanted] ?? wanted}, not ${describeKind(node)}`;
  return value(fault, message, path.length === 0 ? ROOT_HINT : typeHint(wanted, label, fault));
}

const ROOT_HINT = "a file starts with a line `requests:` or `playbooks:`, followed by an indented list";

function typeHint(wanted: string, label: string, { error, node, path }: Fault): string | undefined {
  const scalar = node.kind === "scalar" && node.value !== null ? node.written : null;
  if (wanted === "string" && scalar !== null && path.at(-1) !== "expires") {
    const quote = `"${scalar}"`;
    return `put it in quotes: ${/^\d+$/.test(path.at(-1) ?? "") ? quote : `${label}: ${quote}`}`;
  }
  if (label === "requests" || label === "playbooks") return `write a list, or ${label}: [] when there are none`;
  if (isParameter(path) && wanted === "object") return `indent the parameters below ${label}, or write the step as a plain word: ${label}`;
  return describeSchema(error);
}

function explainEnum(fault: Fault): Diagnostic {
  const { file, error, node, label, path } = fault;
  const allowed = Array.isArray(error.params.allowedValues) ? error.params.allowedValues.map(String) : [];
  const written = node.kind === "scalar" && typeof node.value === "string" ? node.value : null;
  if (isStep(path) && written === "waitFor")
    return file.mistake("DLR021", node.offset, "waitFor does not say what to wait for", "write { waitFor: done }");
  if (isStep(path) && written !== null) return explainUnknownStep(file, node.offset, written);
  const what = written === null ? `${label} has a wrong value` : `${label} cannot be ${quoted(written)}${didYouMean(written, allowed)}`;
  return value(fault, what, allowed.length === 1 ? `write ${label}: ${allowed[0]}` : `write ${listed(allowed)}`);
}

/** Two keys in one item: nearly always parameters that are not indented below their step. */
function explainCrowdedStep({ file, node }: Fault): Diagnostic {
  const [first, second] = node.kind === "map" ? [...node.entries] : [];
  const offset = second?.[1].keyOffset ?? node.offset;
  const hint = `indent the parameters of ${first?.[0]} deeper than its name, and write each step as an item of its own`;
  return file.mistake("DLR015", offset, "one item of steps holds two keys", hint);
}

/** The description that editors show, and an example. */
function describeSchema(error: ErrorObject): string | undefined {
  const schema = error.parentSchema;
  const key = error.instancePath.split("/").findLast((segment) => !/^\d+$/.test(segment)) ?? "";
  const description = typeof schema?.description === "string" ? schema.description : "";
  const example = exampleHint(key, schema);
  return [description, example ?? ""].filter((part) => part !== "").join(" ") || undefined;
}

function exampleHint(key: string, schema: unknown): string | undefined {
  const example = exampleValue(schema);
  return example === undefined ? undefined : `For example ${key}: ${flowYaml(example)}`;
}

function exampleOf(key: string, parent: unknown): string | undefined {
  const properties = isObject(parent) && isObject(parent.properties) ? parent.properties : {};
  const example = exampleValue(properties[key]);
  return example === undefined ? undefined : `${key}: ${flowYaml(example)}`;
}

function exampleValue(schema: unknown): JsonValue | undefined {
  return isObject(schema) && Array.isArray(schema.examples) ? (schema.examples[0] as JsonValue) : undefined;
}

import type { ErrorObject } from "ajv";
import type { Diagnostic } from "../../domain/diagnostic.ts";
import type { DiagnosticCode } from "../../domain/diagnostic-codes.ts";
import { isObject } from "../../domain/json.ts";
import { didYouMean } from "../../support/did-you-mean.ts";
import { listed, quoted } from "../../support/words.ts";
import type { SourceFile } from "../files/source-file.ts";
import { checkGenericSerial } from "../generic-serial.ts";
import { entryOf, itemsOf, type YamlNode } from "../yaml/yaml-node.ts";
import { explainLookAlike } from "./explain-look-alike.ts";
import { explainType } from "./explain-type.ts";
import type { Fault } from "./fault.ts";
import { choiceHint, schemaHint } from "./schema-hint.ts";
import { explainPlainStep, explainUnknownKey, isParameter, isStep } from "./unknown-key.ts";

/** One fault in words and with its place, which is the node itself or one of its keys. */
export function explainError(file: SourceFile, error: ErrorObject, path: readonly string[], node: YamlNode): Diagnostic {
  const fault: Fault = { file, error, path, node, label: labelOf(path) };
  return genericOf(fault) ?? lookAlikeOf(fault) ?? (EXPLANATIONS[error.keyword] ?? explainOther)(fault);
}

/** `N/A` has not the form of a serial number, but that is not what is wrong with it. */
function genericOf({ file, error, node, path }: Fault): Diagnostic | null {
  if (error.keyword !== "pattern" || path.at(-1) !== "serialNumber") return null;
  const written = node.kind === "scalar" ? String(node.value) : "";
  return written.trim() === "" ? null : checkGenericSerial({ file, offset: node.offset }, written);
}

/**
 * What is wrong about a word for the eye alone, or a colon of another alphabet that made a text of
 * a mapping.
 */
function lookAlikeOf({ file, error, node, label }: Fault): Diagnostic | null {
  if (node.kind !== "scalar" || typeof node.value !== "string") return null;
  const ofForm = OF_FORM.has(error.keyword) || (error.keyword === "type" && /^[\w-]+[^\0-\x7f]/.test(node.value));
  return ofForm ? explainLookAlike(file, node.offset, label, node.value) : null;
}

const OF_FORM: ReadonlySet<string> = new Set(["pattern", "enum", "format"]);

function labelOf(path: readonly string[]): string {
  const key = path.findLast((segment) => !/^\d+$/.test(segment)) ?? "the file";
  return /^\d+$/.test(path.at(-1) ?? "") ? `an item of ${key}` : key;
}

const EXPLANATIONS: Readonly<Record<string, (fault: Fault) => Diagnostic>> = {
  additionalProperties: ({ file, error, path, node }) =>
    explainUnknownKey(file, node, path, {
      key: String(error.params.additionalProperty),
      known: Object.keys(error.parentSchema?.properties ?? {}),
    }),
  required: ({ file, error, node, path }) => {
    const key = String(error.params.missingProperty);
    const hint = schemaHint(error.parentSchema?.properties?.[key], [...path, key]) ?? `write ${key}: …`;
    return file.mistake("DLR014", node.offset, `${key} is missing`, hint);
  },
  oneOf: explainChoice,
  type: (fault) => value(fault, ...explainType(fault)),
  enum: explainEnum,
  pattern: (fault) => value(fault, isBlank(fault.node) ? `${fault.label} is empty` : `${fault.label} has the wrong form`, hintOf(fault)),
  format: (fault) => value(fault, `${fault.label} is not a day of the calendar`, hintOf(fault)),
  minimum: (fault) => value(fault, `${fault.label} must be at least ${fault.error.params.limit}`, hintOf(fault)),
  maximum: (fault) => value(fault, `${fault.label} must be at most ${fault.error.params.limit}`, hintOf(fault)),
  maxLength: (fault) => value(fault, `${fault.label} is longer than ${fault.error.params.limit} characters`, "shorten it"),
  minItems: (fault) => value(fault, `${fault.label} is an empty list`, hintOf(fault)),
  maxItems: (fault) => value(fault, `${fault.label} has more than ${fault.error.params.limit} items`, "make two requests of it"),
  minProperties: (fault) => value(fault, "this step has no name", "write the step as a word, for example - wipe"),
  maxProperties: explainCrowdedStep,
  uniqueItems: ({ file, error, node, label }) => {
    const item = itemsOf(node)[Math.max(Number(error.params.i), Number(error.params.j))] ?? node;
    return file.mistake("DLR015", item.offset, `${label} holds this twice`, "delete one of the two");
  },
};

function explainOther(fault: Fault): Diagnostic {
  return value(fault, `${fault.label} has a wrong value`, hintOf(fault));
}

function hintOf({ error, path }: Fault): string | undefined {
  return schemaHint(error.parentSchema, path);
}

function isBlank(node: YamlNode): boolean {
  return node.kind === "scalar" && typeof node.value === "string" && node.value.trim() === "";
}

/** A wrong value, under the code of its field. */
function value(fault: Fault, message: string, hint: string | undefined): Diagnostic {
  return fault.file.mistake(codeOf(fault), fault.node.offset, message, hint);
}

function codeOf({ path, error }: Fault): DiagnosticCode {
  const key = path.at(-1);
  if (isParameter(path)) return "DLR021";
  if (key === "expires") return "DLR020";
  return error.keyword === "pattern" && path.length === 3 && (key === "name" || key === "repeats") ? "DLR016" : "DLR015";
}

/** `oneOf` of keys: both or neither. */
function explainChoice({ file, error, node }: Fault): Diagnostic {
  const keys = requiredKeys(error.schema);
  const present = keys.filter((key) => entryOf(node, key) !== undefined);
  if (present.length === 0) return file.mistake("DLR018", node.offset, `${listed(keys)} is missing`, choiceHint(keys));
  const second = entryOf(node, present[1] ?? "")?.keyOffset ?? node.offset;
  return file.mistake("DLR018", second, `${listed(present, "and")} cannot stand together`, "keep one of them");
}

function requiredKeys(alternatives: unknown): readonly string[] {
  if (!Array.isArray(alternatives)) return [];
  return alternatives.flatMap((item: unknown) => (isObject(item) && Array.isArray(item.required) ? item.required.map(String) : []));
}

function explainEnum(fault: Fault): Diagnostic {
  const { file, error, node, label, path } = fault;
  const allowed = Array.isArray(error.params.allowedValues) ? error.params.allowedValues.map(String) : [];
  const written = node.kind === "scalar" && typeof node.value === "string" ? node.value : null;
  if (isStep(path) && written === "waitFor")
    return file.mistake("DLR021", node.offset, "waitFor does not say what to wait for", "write { waitFor: done }");
  if (isStep(path) && written !== null) return explainPlainStep(file, node.offset, written);
  const what = written === null ? `${label} has a wrong value` : `${label} cannot be ${quoted(written)}${didYouMean(written, allowed)}`;
  return value(fault, what, allowed.length === 1 ? `write ${label}: ${allowed[0]}` : `write ${listed(allowed)}`);
}

/** Two keys in one item: nearly always parameters that are not indented below their step. */
function explainCrowdedStep({ file, node }: Fault): Diagnostic {
  const [first, second] = node.kind === "map" ? [...node.entries] : [];
  const offset = second?.[1].keyOffset ?? node.offset;
  const hint = `indent the parameters of ${quoted(first?.[0] ?? "")} deeper than its name, and write each step as an item of its own`;
  return file.mistake("DLR015", offset, "one item of steps holds two keys", hint);
}

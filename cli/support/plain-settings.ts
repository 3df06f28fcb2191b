import { isAlias, isMap, isScalar, isSeq, type Pair, parseDocument, Scalar, type YAMLMap } from "yaml";

/** Keys of a stack's file that say nothing of its settings, and those themselves. */
const OF_A_STACK = ["config", "encryptionsalt", "secretsprovider", "encryptedkey"];
/** Keys of Pulumi.yaml that have no say in settings; its `config` and others have. */
const OF_A_PROJECT = ["name", "description", "runtime", "main", "plugins", "author", "license", "website"];

const KEY = /^[a-z][a-z0-9-]*:[A-Za-z]+$/;
const PRINTABLE = /^[ -~]*$/;
/** Numbers, times and shares that every YAML reads alike: `5`, `2m`, `1/4`. */
const NUMBER = /^(0|[1-9]\d{0,9})$/;
const MEASURE = /^(0|[1-9]\d{0,9})([smhd]|\/[1-9]\d{0,9})$/;
/** Words that one YAML takes for a truth, a number or nothing, and another for a word. */
const DOUBTFUL = /^(y|n|yes|no|on|off|true|false|null|nan|inf|infinity)$/i;

/**
 * The settings of a stack whose files are so plain that every reader of YAML reads them alike:
 * words, whole numbers, true and false, and lists of words. By whole key, as texts, as Pulumi gives
 * them. Null for everything else, such as a secret, an environment or a setting of the project:
 * only Pulumi knows what is meant.
 */
export function plainSettings(stackFile: string, projectFile: string): Readonly<Record<string, string>> | null {
  const project = mapOf(projectFile);
  const stack = mapOf(stackFile);
  if (project === null || stack === null) return null;
  if (!hasOnly(project, OF_A_PROJECT) || !hasOnly(stack, OF_A_STACK)) return null;
  const config = stack.get("config", true);
  if (config === undefined) return {};
  if (!isMap(config) || config.anchor !== undefined || config.tag !== undefined) return null;
  const entries = config.items.map(settingOf);
  return entries.every((entry) => entry !== null) ? Object.fromEntries(entries) : null;
}

/** Null for what is no document of one map, or not without a mistake. */
function mapOf(text: string): YAMLMap | null {
  const document = parseDocument(text, { version: "1.2", schema: "core", prettyErrors: false });
  const { contents, errors, warnings } = document;
  if (errors.length > 0 || warnings.length > 0 || !isMap(contents)) return null;
  return contents.anchor === undefined && contents.tag === undefined ? contents : null;
}

function hasOnly({ items }: YAMLMap, names: readonly string[]): boolean {
  return items.every(({ key }) => isScalar(key) && typeof key.value === "string" && names.includes(key.value));
}

function settingOf({ key, value }: Pair): readonly [string, string] | null {
  const name = isScalar(key) && key.type === Scalar.PLAIN && typeof key.value === "string" && KEY.test(key.value) ? key.value : null;
  const text = isSeq(value) ? listOf(value.items, value) : scalarOf(value);
  return name === null || text === null ? null : [name, text];
}

function listOf(items: readonly unknown[], { anchor, tag }: { readonly anchor?: string; readonly tag?: string }): string | null {
  const words = items.map(wordOf);
  if (anchor !== undefined || tag !== undefined || !words.every((word) => word !== null)) return null;
  // Go writes these three as escapes.
  return words.some((word) => /[<>&]/.test(word)) ? null : JSON.stringify(words);
}

function scalarOf(node: unknown): string | null {
  if (isPlain(node) && (node.source === "true" || node.source === "false" || NUMBER.test(node.source))) return node.source;
  return wordOf(node);
}

/** A text that no reader takes for anything else. */
function wordOf(node: unknown): string | null {
  if (isQuoted(node)) return PRINTABLE.test(node.value) ? node.value : null;
  if (!isPlain(node) || node.value !== node.source || !PRINTABLE.test(node.source)) return null;
  if (MEASURE.test(node.source)) return node.source;
  return /^[A-Za-z/]/.test(node.source) && !DOUBTFUL.test(node.source) ? node.source : null;
}

type Bare = Scalar & { readonly source: string };

function isPlain(node: unknown): node is Bare {
  return isOwn(node) && node.type === Scalar.PLAIN && typeof node.source === "string";
}

/** In quotes, and without an escape. */
function isQuoted(node: unknown): node is Scalar<string> {
  if (!isOwn(node) || typeof node.value !== "string") return false;
  if (node.type === Scalar.QUOTE_SINGLE) return !node.value.includes("'");
  return node.type === Scalar.QUOTE_DOUBLE && node.source === node.value && !/["\\]/.test(node.value);
}

function isOwn(node: unknown): node is Scalar {
  return !isAlias(node) && isScalar(node) && node.anchor === undefined && node.tag === undefined;
}

import { findRemoteAction, requiredParameters, STEP_NAMES } from "../../domain/actions/action-table.ts";
import { findLeftOut } from "../../domain/actions/left-out-actions.ts";
import type { Diagnostic } from "../../domain/diagnostic.ts";
import { didYouMean } from "../../support/did-you-mean.ts";
import { listed, quoted } from "../../support/words.ts";
import type { SourceFile } from "../files/source-file.ts";
import { SELECTOR_SCHEMA } from "../schema/selector-schema.ts";
import { entryOf, type YamlNode } from "../yaml/yaml-node.ts";
import { exampleOf, REQUEST_KEYS } from "./schema-hint.ts";

/** A key that does not belong where it stands. `path` leads to the mapping that holds it. */
export function explainUnknownKey(
  file: SourceFile,
  map: YamlNode,
  path: readonly string[],
  { key, known }: { readonly key: string; readonly known: readonly string[] },
): Diagnostic {
  const offset = entryOf(map, key)?.keyOffset ?? map.offset;
  if (isStep(path)) return explainUnknownStep(file, offset, key);
  const ofStep = isParameter(path);
  const [action = "", ...outer] = path.slice(4);
  const leftOut = ofStep ? findLeftOut(action, [...outer, key].join(".")) : undefined;
  if (leftOut !== undefined) return file.mistake("DLR021", offset, `${key} is never written in a file`, `delete it: ${leftOut.reason}`);
  const code = ofStep ? "DLR021" : "DLR011";
  const what = ofStep ? `${path.at(-1)} has no parameter ${quoted(key)}` : `unknown key ${quoted(key)}`;
  return file.mistake(code, offset, `${what}${didYouMean(key, known)}`, hintFor(path, key, known));
}

/** A word where a step was expected. */
export function explainPlainStep(file: SourceFile, offset: number, name: string): Diagnostic {
  const action = findRemoteAction(name);
  if (action === undefined) return explainUnknownStep(file, offset, name);
  const required = requiredParameters(action);
  const example = required.map((key) => `${key}: ${exampleOf(action.parameters.properties[key])}`).join(", ");
  return file.mistake("DLR014", offset, `${name} needs ${listed(required, "and")}`, `write { ${name}: { ${example} } }`);
}

function explainUnknownStep(file: SourceFile, offset: number, name: string): Diagnostic {
  const leftOut = findLeftOut(name);
  if (leftOut !== undefined) return file.mistake("DLR013", offset, `${name} cannot be a step`, `delete it: ${leftOut.reason}`);
  return file.mistake("DLR013", offset, `unknown step ${quoted(name)}${didYouMean(name, STEP_NAMES)}`, "docs/actions.md lists the steps");
}

/** `requests/0/steps/1` */
export function isStep(path: readonly string[]): boolean {
  return path.length === 4 && path[2] === "steps";
}

/** `requests/0/steps/1/wipe` or deeper */
export function isParameter(path: readonly string[]): boolean {
  return path.length > 4 && path[2] === "steps";
}

const DEVICE_KEYS = Object.keys(SELECTOR_SCHEMA.properties);

function hintFor(path: readonly string[], key: string, known: readonly string[]): string {
  if (key.startsWith("-")) return "write a space after the dash of a list";
  if (path.length === 0) return misplacedFile(key, known);
  if (path[0] === "policies") return `the keys here are ${listed(known, "and")}`;
  if (path.length === 2 && DEVICE_KEYS.includes(key)) return `write device: { ${key}: … }`;
  if (path.length === 2 && findRemoteAction(key) !== undefined) return `write it as a step: steps: [${key}]`;
  if (path.length > 2 && path[0] === "requests" && REQUEST_KEYS.includes(key)) return `${key} belongs to the request: indent it less`;
  return known.length === 0 ? "delete it: there are no keys here" : `the keys here are ${listed(known, "and")}`;
}

function misplacedFile(key: string, known: readonly string[]): string {
  if (key === "playbooks") return "playbooks have a folder of their own: devices/playbooks";
  if (key === "policies") return "policies have a folder of their own: devices/policies";
  if (key === "requests") return "requests have a folder of their own: devices/requests";
  return `a file holds one key: ${known.join(", ")}`;
}

import { findRemoteAction, STEP_NAMES } from "../domain/action-table.ts";
import type { Diagnostic } from "../domain/diagnostic.ts";
import { REQUEST_KEYS } from "./schema-hint.ts";
import { SELECTOR_SCHEMA } from "./selector-schema.ts";
import type { SourceFile } from "./source-file.ts";
import { didYouMean } from "./suggest.ts";
import { listed, quoted } from "./wording.ts";
import { entryOf, type YamlNode } from "./yaml-node.ts";

/** Secrets that the product makes or receives itself. */
const OWN_SECRETS: ReadonlySet<string> = new Set(["macOsUnlockCode"]);

/** A key that does not belong where it stands. `path` leads to the mapping that holds it. */
export function explainUnknownKey(
  file: SourceFile,
  map: YamlNode,
  path: readonly string[],
  key: string,
  known: readonly string[],
): Diagnostic {
  const offset = entryOf(map, key)?.keyOffset ?? map.offset;
  if (isStep(path)) return explainUnknownStep(file, offset, key);
  const ofStep = isParameter(path);
  if (ofStep && OWN_SECRETS.has(key))
    return file.mistake(
      "DLR021",
      offset,
      `${key} is never written in a file`,
      "delete it: the product makes the code itself and puts it into escrow",
    );
  const code = ofStep ? "DLR021" : "DLR011";
  const what = ofStep ? `${path.at(-1)} has no parameter ${quoted(key)}` : `unknown key ${quoted(key)}`;
  return file.mistake(code, offset, `${what}${didYouMean(key, known)}`, hintFor(path, key, known));
}

export function explainUnknownStep(file: SourceFile, offset: number, name: string): Diagnostic {
  return file.mistake(
    "DLR013",
    offset,
    `unknown step ${quoted(name)}${didYouMean(name, STEP_NAMES)}`,
    `the steps are ${listed(STEP_NAMES, "and")}`,
  );
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
  if (path.length === 2 && DEVICE_KEYS.includes(key)) return `write device: { ${key}: … }`;
  if (path.length === 2 && findRemoteAction(key) !== undefined) return `write it as a step: steps: [${key}]`;
  if (path.length > 2 && path[0] === "requests" && REQUEST_KEYS.includes(key)) return `${key} belongs to the request: indent it less`;
  return known.length === 0 ? "delete it: there are no keys here" : `the keys here are ${listed(known, "and")}`;
}

function misplacedFile(key: string, known: readonly string[]): string {
  if (key === "playbooks") return "playbooks have a folder of their own: devices/playbooks";
  if (key === "requests") return "requests have a folder of their own: devices/requests";
  return `a file holds one key: ${known.join(", ")}`;
}

import { isMap, isPair, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import { type Diagnostic, holdsPipelineCommand } from "../../domain/diagnostic.ts";
import { inPlainSigns } from "../../support/look-alikes.ts";
import { quoted } from "../../support/words.ts";
import { explainLookAlike } from "../explain/explain-look-alike.ts";
import { hiddenCharacterIn } from "../files/characters.ts";
import type { SourceFile } from "../files/source-file.ts";
import type { YamlEntry, YamlNode, YamlScalar } from "./yaml-node.ts";

/** Keys that mean something to the machinery below rather than to a request. */
const REFUSED_KEYS: ReadonlyMap<string, string> = new Map([
  ["<<", "merge keys are not allowed: write the keys out"],
  ["__proto__", "delete this key"],
  ["constructor", "delete this key"],
  ["prototype", "delete this key"],
]);

/**
 * Turns what the YAML library composed into our own nodes. Recursion is safe: depth was bounded
 * with the tokens.
 */
export class YamlTree {
  readonly diagnostics: Diagnostic[] = [];
  /** A dash or a space that is none stands before a key: what the file means cannot be told. */
  misread = false;
  readonly #file: SourceFile;

  constructor(file: SourceFile) {
    this.#file = file;
  }

  node(node: unknown, fallbackOffset: number): YamlNode {
    if (isMap(node)) return { kind: "map", offset: startOf(node, fallbackOffset), entries: this.#entries(node, fallbackOffset) };
    if (isSeq(node)) {
      const offset = startOf(node, fallbackOffset);
      return {
        kind: "list",
        offset,
        items: node.items.map((item) => (isPair(item) ? this.#lonePair(item, offset) : this.node(item, offset))),
      };
    }
    return this.#scalar(node, fallbackOffset);
  }

  #scalar(node: unknown, fallbackOffset: number): YamlScalar {
    if (!isScalar(node)) return { kind: "scalar", offset: fallbackOffset, value: null, written: "" };
    const offset = startOf(node, fallbackOffset);
    const value = plainValue(node.value);
    if (typeof value === "string") this.#checkText(value, offset);
    return { kind: "scalar", offset, value, written: node.source ?? "" };
  }

  #checkText(value: string, offset: number): void {
    const hidden = hiddenCharacterIn(value);
    if (hidden !== null) this.diagnostics.push(this.#file.mistake("DLR029", offset, `hidden character ${hidden}`, "delete its escape"));
    if (!holdsPipelineCommand(value)) return;
    const hint = "write it otherwise: a pipeline that prints it would obey it";
    this.diagnostics.push(
      this.#file.mistake("DLR034", offset, "a command to a pipeline (`::` at the start of a line, `##[`, `##vso[`)", hint),
    );
  }

  /** `[a: b]`: a mapping of one key without braces. */
  #lonePair(pair: Pair, offset: number): YamlNode {
    const entries = new Map<string, YamlEntry>();
    this.#addEntry(entries, pair, offset);
    return { kind: "map", offset: [...entries.values()][0]?.keyOffset ?? offset, entries };
  }

  #entries(map: YAMLMap, fallbackOffset: number): ReadonlyMap<string, YamlEntry> {
    const entries = new Map<string, YamlEntry>();
    for (const pair of map.items) this.#addEntry(entries, pair, startOf(map, fallbackOffset));
    return entries;
  }

  #addEntry(entries: Map<string, YamlEntry>, pair: Pair, fallbackOffset: number): void {
    const key = this.node(pair.key, fallbackOffset);
    const value = this.node(pair.value, endOf(pair.key, key.offset));
    if (isScalar(pair.value) && pair.value.type === "PLAIN" && value.kind === "scalar")
      this.#checkComment(key, value, endOf(pair.value, value.offset));
    const mistake = this.#keyMistake(key, entries);
    if (mistake !== null) this.diagnostics.push(mistake);
    // A key that only looks right stands for the one that is meant, so that nothing else is
    // reported as missing.
    const name = key.kind === "scalar" && (mistake === null || mistake.code === "DLR035") ? inPlainSigns(String(key.value)) : null;
    this.misread ||= mistake?.code === "DLR035" && /^[- ]/.test(name ?? "");
    if (name !== null && !entries.has(name)) entries.set(name, { keyOffset: key.offset, value });
  }

  /** A comment has a space behind its sign; where there is none, the text was meant to go on. */
  #checkComment(key: YamlNode, value: YamlScalar, end: number): void {
    const file = this.#file;
    const { line } = file.locate(end);
    const start = file.offsetOfLine(line);
    // The line as it is shown: what may be a secret is hidden in it.
    const text = file.lineText(line);
    const comment = /^[ \t]+(#[\p{L}\p{N}].*)/u.exec(text.slice(end - start))?.[1];
    if (comment === undefined || value.written === "") return;
    const name = key.kind === "scalar" ? String(key.value) : "the value";
    const message = `${name} ends before ${quoted(comment)}: behind a space, # begins a comment`;
    const whole = value.offset < start ? "" : `: ${name}: ${JSON.stringify(text.slice(value.offset - start).trimEnd())}`;
    const hint = `put the text in quotes${whole}; for a comment, write a space behind the #`;
    this.diagnostics.push(file.mistake("DLR036", start + text.indexOf("#", end - start), message, hint));
  }

  #keyMistake(key: YamlNode, entries: ReadonlyMap<string, YamlEntry>): Diagnostic | null {
    const file = this.#file;
    if (key.kind === "map" && file.text.startsWith("{", key.offset))
      return file.mistake("DLR015", key.offset, "a key must be text", 'put a text that starts with {{ in quotes: "{{serialnumber}}"');
    if (key.kind !== "scalar" || typeof key.value !== "string")
      return file.mistake("DLR015", key.offset, "a key must be text", "write key: value, with the key as a plain word");
    const refused = REFUSED_KEYS.get(key.value);
    if (refused !== undefined) return file.mistake("DLR025", key.offset, `the key ${quoted(key.value)} is not allowed`, refused);
    const first = entries.get(key.value);
    if (first === undefined) return explainLookAlike(file, key.offset, "the key", key.value);
    const { line } = file.locate(first.keyOffset);
    return file.mistake("DLR003", key.offset, `the key ${quoted(key.value)} stands here twice`, `delete it here or in line ${line}`);
  }
}

function plainValue(value: unknown): YamlScalar["value"] {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

function startOf(node: Pick<Node, "range">, fallback: number): number {
  return node.range?.[0] ?? fallback;
}

function endOf(node: unknown, fallback: number): number {
  return isScalar(node) ? (node.range?.[1] ?? fallback) : fallback;
}

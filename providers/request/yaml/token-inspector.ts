import type { CST } from "yaml";
import type { Diagnostic } from "../../domain/diagnostic.ts";
import type { SourceFile } from "../files/source-file.ts";

type Collection = CST.BlockMap | CST.BlockSequence | CST.FlowCollection;

/**
 * Looks at the concrete syntax for what is refused before anything is resolved: directives,
 * anchors, aliases, tags, a second document, quotes and brackets that stay open, and depth by
 * indentation. Without recursion, whatever the text.
 */
export class TokenInspector {
  readonly diagnostics: Diagnostic[] = [];
  /** Offset of the first quote or bracket that is never closed; infinite when there is none. */
  unclosed = Number.POSITIVE_INFINITY;
  readonly #file: SourceFile;
  readonly #maxDepth: number;
  readonly #open: (readonly [collection: Collection, depth: number])[] = [];

  constructor(file: SourceFile, maxDepth: number) {
    this.#file = file;
    this.#maxDepth = maxDepth;
  }

  /** The offset of the first collection that is too deep, or null. */
  inspect(tokens: readonly CST.Token[]): number | null {
    let documents = 0;
    for (const token of tokens) {
      if (token.type === "directive") this.#refuse("DLR030", token, "YAML directives are not allowed", "delete this line");
      if (token.type !== "document") continue;
      documents += 1;
      if (documents === 2) this.#refuse("DLR006", token, "a second document starts here", "put it into a file of its own");
      this.#properties(token.start);
      this.#visit(token.value, 1);
    }
    const tooDeep = this.#drain();
    if (this.unclosed !== Number.POSITIVE_INFINITY) this.#refuseUnclosed();
    return tooDeep;
  }

  #drain(): number | null {
    for (let next = this.#open.pop(); next !== undefined; next = this.#open.pop()) {
      const [collection, depth] = next;
      if (depth > this.#maxDepth) return collection.offset;
      for (const item of collection.items) {
        this.#properties(item.start);
        this.#visit(item.key, depth + 1);
        if (item.sep !== undefined) this.#properties(item.sep);
        this.#visit(item.value, depth + 1);
      }
    }
    return null;
  }

  #visit(token: CST.Token | null | undefined, depth: number): void {
    if (token === null || token === undefined) return;
    if (isUnclosed(token)) this.unclosed = Math.min(this.unclosed, token.offset);
    if (token.type === "alias")
      this.#refuse("DLR004", token, "aliases are not allowed", "write the value out, or put a text that starts with * in quotes");
    else if (token.type === "block-map" || token.type === "block-seq" || token.type === "flow-collection") this.#open.push([token, depth]);
    else if (token.type === "block-scalar") this.#properties(token.props);
  }

  #properties(tokens: readonly CST.Token[]): void {
    for (const token of tokens) {
      if (token.type === "anchor")
        this.#refuse("DLR004", token, "anchors are not allowed", "delete it, or put a text that starts with & in quotes");
      if (token.type === "tag")
        this.#refuse("DLR004", token, "tags are not allowed", "delete it, or put a text that starts with ! in quotes");
    }
  }

  #refuse(code: "DLR004" | "DLR006" | "DLR030", token: CST.Token, message: string, hint: string): void {
    this.diagnostics.push(this.#file.mistake(code, token.offset, message, hint));
  }

  #refuseUnclosed(): void {
    const sign = this.#file.text[this.unclosed] ?? "";
    const closing = CLOSING.get(sign) ?? sign;
    const { line } = this.#file.locate(this.unclosed);
    const cut = sign !== closing && / #/.test(this.#file.lineText(line).slice(this.unclosed - this.#file.offsetOfLine(line)));
    const hint = cut
      ? `behind a space, # begins a comment: put a text that holds it in quotes, or write the ${closing}`
      : `write the ${closing} that belongs to it`;
    this.diagnostics.push(this.#file.mistake("DLR001", this.unclosed, `this ${sign} is never closed`, hint));
  }
}

const CLOSING: ReadonlyMap<string, string> = new Map([
  ["[", "]"],
  ["{", "}"],
]);

function isUnclosed(token: CST.Token): boolean {
  if (token.type === "single-quoted-scalar") return trailing(token.source.slice(1), "'") % 2 === 0;
  if (token.type === "double-quoted-scalar")
    return !token.source.slice(1).endsWith('"') || trailing(token.source.slice(0, -1), "\\") % 2 === 1;
  if (token.type !== "flow-collection") return false;
  return !token.end.some((end) => end.type === "flow-map-end" || end.type === "flow-seq-end");
}

/** How many times the sign stands at the end: a doubled quote or an escaped one closes nothing. */
function trailing(text: string, sign: string): number {
  let count = 0;
  while (text.at(-1 - count) === sign) count += 1;
  return count;
}

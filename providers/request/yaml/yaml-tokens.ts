import { type CST, Lexer, Parser } from "yaml";
import type { Diagnostic } from "../../domain/diagnostic.ts";
import type { SourceFile } from "../files/source-file.ts";
import { TokenInspector } from "./token-inspector.ts";

/** A request nests about ten levels deep. */
const MAX_DEPTH = 32;
/** A dense but honest file of 1 MiB has about 400,000. */
const MAX_LEXEMES = 500_000;

/**
 * The text cut up, before anything is understood; bounded, so that a hostile file costs no time.
 */
export interface YamlTokens {
  readonly tokens: readonly CST.Token[];
  readonly diagnostics: readonly Diagnostic[];
  /** Offset of the first quote or bracket that is never closed; infinite when there is none. */
  readonly unclosed: number;
  /**
   * False where the tokens were given up on: what follows them would take too long or too much
   * stack.
   */
  readonly complete: boolean;
}

/**
 * The concrete syntax of a file, in one pass that stops at the first sign of a bomb. Everything
 * that may grow is bounded here.
 */
export function readTokens(file: SourceFile): YamlTokens {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const depth = new DepthCounter();
  let count = 0;
  for (const lexeme of new Lexer().lex(file.text)) {
    count += 1;
    depth.add(lexeme);
    if (count > MAX_LEXEMES) return givenUp(file, parser.offset, TOO_LONG, "split it into smaller files");
    if (depth.current > MAX_DEPTH) return givenUp(file, parser.offset, TOO_DEEP, DEPTH_HINT);
    for (const token of parser.next(lexeme)) tokens.push(token);
  }
  for (const token of parser.end()) tokens.push(token);
  const inspector = new TokenInspector(file, MAX_DEPTH);
  const tooDeep = inspector.inspect(tokens);
  if (tooDeep !== null) return givenUp(file, tooDeep, TOO_DEEP, DEPTH_HINT);
  return { tokens, complete: true, unclosed: inspector.unclosed, diagnostics: inspector.diagnostics };
}

const TOO_LONG = `the file has more than ${MAX_LEXEMES} words and signs`;
const TOO_DEEP = `nested more than ${MAX_DEPTH} levels deep`;

const DEPTH_HINT = "a list of requests needs about ten levels: see devices/examples/";

function givenUp(file: SourceFile, offset: number, message: string, hint: string): YamlTokens {
  return { tokens: [], complete: false, unclosed: 0, diagnostics: [file.mistake("DLR031", offset, message, hint)] };
}

/** Brackets that are open, and list signs on one line (`- - - -`), before any of them is parsed. */
class DepthCounter {
  #brackets = 0;
  #signs = 0;

  get current(): number {
    return Math.max(this.#brackets, this.#signs);
  }

  add(lexeme: string): void {
    if (lexeme === "[" || lexeme === "{") this.#brackets += 1;
    else if (lexeme === "]" || lexeme === "}") this.#brackets = Math.max(0, this.#brackets - 1);
    else if (lexeme === "-" || lexeme === "?") this.#signs += 1;
    else if (lexeme.startsWith("\n") || lexeme.startsWith("\r")) this.#signs = 0;
  }
}

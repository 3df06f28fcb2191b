import type { ErrorCode, YAMLError } from "yaml";
import type { Diagnostic } from "../../domain/diagnostic.ts";
import { findLookAlike } from "../../support/look-alikes.ts";
import { explainLookAlike } from "../explain/explain-look-alike.ts";
import type { SourceFile } from "../files/source-file.ts";

/**
 * Each way in which text is not YAML, said plainly. Codes that are not listed here concern anchors
 * and tags, which are refused before.
 */
const WORDS: Readonly<Partial<Record<ErrorCode, readonly [message: string, hint: string]>>> = {
  BAD_DQ_ESCAPE: ["unknown escape in a double-quoted text", "use single quotes, or write \\\\ for one backslash"],
  BAD_INDENT: ["wrong indentation", "keys of one mapping and items of one list start at the same column"],
  BAD_SCALAR_START: ["a value cannot start with this sign", "put the value in quotes"],
  BAD_COLLECTION_TYPE: ["wrong kind of collection", "write a list with - or a mapping with key: value"],
  BLOCK_AS_IMPLICIT_KEY: [
    "a list or mapping cannot start here",
    "check the indentation; put a text that holds a colon and a space in quotes",
  ],
  BLOCK_IN_FLOW: ["a comma is missing inside [ ] or { }, or a list by indentation stands there", "separate the items by commas"],
  KEY_OVER_1024_CHARS: ["this key is longer than 1024 characters", "the colon may be missing further up"],
  MISSING_CHAR: ["something is missing here", "look for a missing colon, comma, space, quote or bracket here or just before"],
  MULTILINE_IMPLICIT_KEY: ["a key must stand on one line", "the colon may be missing, or the line is not indented enough"],
  UNEXPECTED_TOKEN: ["this cannot stand here", "look for a sign too many, or a text that needs quotes"],
  RESOURCE_EXHAUSTION: ["nested too deeply", "see devices/examples/"],
};

const UNKNOWN_WORDS = ["this is not YAML", "compare it with devices/examples/"] as const;
const REFUSED_BEFORE: ReadonlySet<ErrorCode> = new Set([
  "ALIAS_PROPS",
  "BAD_ALIAS",
  "BAD_DIRECTIVE",
  "BAD_PROP_ORDER",
  "MULTIPLE_ANCHORS",
  "MULTIPLE_DOCS",
  "MULTIPLE_TAGS",
  "TAG_RESOLVE_FAILED",
]);

/**
 * One mistake a line: what follows on the same line is nearly always the same one again. From
 * `unclosed` on, where a quote or bracket is never closed, nothing is said: all of it follows from
 * that.
 */
export function syntaxMistakes(file: SourceFile, errors: readonly YAMLError[], unclosed: number): readonly Diagnostic[] {
  const byLine = new Map<number, Diagnostic>();
  for (const error of errors) {
    if (REFUSED_BEFORE.has(error.code) || error.pos[0] >= unclosed) continue;
    const { line } = file.locate(error.pos[0]);
    if (!byLine.has(line)) byLine.set(line, syntaxMistake(file, error, line));
  }
  return [...byLine.values()];
}

function syntaxMistake(file: SourceFile, error: YAMLError, line: number): Diagnostic {
  const tab = /^ *\t/.exec(file.lineText(line));
  if (tab !== null || error.code === "TAB_AS_INDENT") {
    const offset = tab === null ? error.pos[0] : file.offsetOfLine(line) + tab[0].length - 1;
    return file.mistake("DLR002", offset, "a tab is used for indentation", "use spaces: two for each level");
  }
  const other = wrongSign(file, line) ?? cutBefore(file, line);
  if (other !== null) return other;
  if (/[^\s[{,]\{\{/.test(file.lineText(line)))
    return file.mistake(
      "DLR001",
      error.pos[0],
      "{{ cannot stand in a plain text between braces",
      'put the text in quotes: "LEEDS-{{serialnumber}}"',
    );
  const [message, hint] = WORDS[error.code] ?? UNKNOWN_WORDS;
  return file.mistake("DLR001", error.pos[0], message, hint);
}

/**
 * Where YAML's own signs are expected: before the first letter of a line, behind a key, and at the
 * start of a value.
 */
const BEFORE_SIGN = /^ *(?:- +)?(?:[\w-]+(?:: +)?)?(?=[^\0-\x7f])/;

/** A quote, colon, dash or space of an office program, in a line that is no YAML. */
function wrongSign(file: SourceFile, line: number): Diagnostic | null {
  const text = file.lineText(line);
  const start = BEFORE_SIGN.exec(text)?.[0].length;
  const sign = start === undefined ? "" : String.fromCodePoint(text.codePointAt(start) ?? 0);
  const found = findLookAlike(sign);
  if (start === undefined || found === null || !/["':\- ]/.test(found.looksLike)) return null;
  return explainLookAlike(file, file.offsetOfLine(line) + start, "this line", sign);
}

/** A text of several lines that a comment ends before its last one. */
function cutBefore(file: SourceFile, line: number): Diagnostic | null {
  const comment = /(?<=\S[ \t]+)#(?=[\p{L}\p{N}])/u.exec(line > 1 ? file.lineText(line - 1) : "");
  if (comment === null) return null;
  const hint = "put the whole text in quotes; for a comment, write a space behind the #";
  return file.mistake("DLR036", file.offsetOfLine(line - 1) + comment.index, "behind a space, # begins a comment and ends the text", hint);
}

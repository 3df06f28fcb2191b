import type { DiagnosticCode } from "./diagnostic-codes.ts";

/** A place in a file of the user's. `file` is relative to the project's folder; line and column count from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One mistake of the user's, with its place and what to write instead. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly location: SourceLocation;
  /** What to write instead, or the command to type. */
  readonly hint?: string;
  /** The text of the line, for the caret; absent where the file has no such line. */
  readonly sourceLine?: string;
}

/**
 * `file:line:column: error DLR012: text`, then the line with a caret under the column, then the hint. Control characters
 * of the user's text are escaped: what a pull request writes must not steer the reviewer's terminal.
 */
export function renderDiagnostic(diagnostic: Diagnostic): string {
  const { location, severity, code, message, hint, sourceLine } = diagnostic;
  const lines = [`${printable(location.file)}:${location.line}:${location.column}: ${severity} ${code}: ${printable(message)}`];
  if (sourceLine !== undefined) lines.push(...renderExcerpt(sourceLine, location.column));
  if (hint !== undefined) lines.push(`  help: ${printable(hint)}`);
  return lines.join("\n");
}

const EXCERPT_WIDTH = 110;

function renderExcerpt(sourceLine: string, column: number): string[] {
  const start = column > EXCERPT_WIDTH ? column - EXCERPT_WIDTH / 2 : 0;
  const before = printable(sourceLine.slice(start, column - 1)).replaceAll("\t", " ");
  const after = printable(sourceLine.slice(column - 1, start + EXCERPT_WIDTH)).replaceAll("\t", " ");
  return [`    ${before}${after}`, `    ${" ".repeat(before.length)}^`];
}

/** Text of the user's or of a server's, safe on a terminal: control characters and bidirectional marks become `\u{…}`. */
export function printable(text: string): string {
  return text.replace(/(?!\t)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** In the order a reader works through them: by file, line, column. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      compareText(a.location.file, b.location.file) ||
      a.location.line - b.location.line ||
      a.location.column - b.location.column ||
      compareText(a.code, b.code),
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

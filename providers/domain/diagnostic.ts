import type { DiagnosticCode } from "./diagnostic-codes.ts";

/**
 * A place in a file of the user's. `file` is relative to the project's folder; line and column
 * count from 1.
 */
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
 * `file:line:column: error DLR012: text`, then the line with a caret under the column, then the
 * hint. Control characters of the user's text are escaped: what a pull request writes must not
 * steer the reviewer's terminal.
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
  const excerpt = printable(sourceLine.slice(start, start + EXCERPT_WIDTH)).replaceAll("\t", " ");
  const before = printable(sourceLine.slice(start, column - 1));
  return [`    ${excerpt}`, `    ${" ".repeat(before.length)}^`];
}

/**
 * Text of the user's or of a server's, safe on a terminal and in a pipeline's log: control
 * characters, bidirectional marks and signs that nobody sees become `\u{…}`, and so does what makes
 * a line a command to GitHub Actions (`::` at its start, `##[`) or to Azure Pipelines (`##vso[`).
 * Sources: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands,
 * https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 */
export function printable(text: string): string {
  return text
    .replace(/(?!\t)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\u00ad\u200b\u2060-\u2064\ufeff]/gu, escaped)
    .replace(/(?<=^\s*):(?=:)/, escaped)
    .replace(/#(?=#[a-z]*\[)/gi, escaped);
}

/**
 * True for a text with a line that GitHub Actions or Azure Pipelines would obey, were it printed as
 * it is.
 */
export function holdsPipelineCommand(text: string): boolean {
  return /^[^\S\n]*::|##[a-z]*\[/im.test(text);
}

/** The same for several lines, which stay lines. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/**
 * JSON for programs, which a terminal and a pipeline's log may show all the same: only its spelling
 * differs from `JSON.stringify`.
 */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]|(?<=#)#/gu, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, "0");
    return `\\u${code}`;
  });
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
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

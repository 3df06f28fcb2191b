import type { Diagnostic, SourceLocation } from "../../domain/diagnostic.ts";
import type { DiagnosticCode } from "../../domain/diagnostic-codes.ts";
import { SECRET_KINDS } from "../../domain/secret-kinds.ts";

/** Somewhere in a file of the user's. Offsets count UTF-16 units from 0. */
export interface Place {
  readonly file: SourceFile;
  readonly offset: number;
}

/**
 * The text of one file (without a byte order mark) and where its lines begin. `path` is what people
 * are shown.
 */
export class SourceFile {
  readonly path: string;
  readonly text: string;
  readonly #lineStarts: readonly number[];
  readonly #shownLines = new Map<number, string>();

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
    this.#lineStarts = lineStartsOf(text);
  }

  /** The place as people count it; an offset past the end is the end. */
  locate(offset: number): SourceLocation {
    const inside = Math.max(0, Math.min(offset, this.text.length));
    const line = lastAtOrBefore(this.#lineStarts, inside);
    return { file: this.path, line: line + 1, column: inside - (this.#lineStarts[line] ?? 0) + 1 };
  }

  offsetOfLine(line: number): number {
    return this.#lineStarts[line - 1] ?? this.text.length;
  }

  /**
   * The line without its end, fit to be shown: what stands after a key that names a secret is
   * hidden.
   */
  lineText(line: number): string {
    const known = this.#shownLines.get(line);
    if (known !== undefined) return known;
    const raw = this.text.slice(this.offsetOfLine(line), this.offsetOfLine(line + 1)).replace(/\r?\n$/, "");
    const shown = raw.replaceAll(SECRET, (_, key: string, value: string) => key + "*".repeat(value.length));
    this.#shownLines.set(line, shown);
    return shown;
  }

  mistake(code: DiagnosticCode, offset: number, message: string, hint?: string): Diagnostic {
    return { code, severity: "error", message, ...this.#at(offset), ...(hint === undefined ? {} : { hint }) };
  }

  warning(code: DiagnosticCode, offset: number, message: string, hint?: string): Diagnostic {
    return { ...this.mistake(code, offset, message, hint), severity: "warning" };
  }

  #at(offset: number): Required<Pick<Diagnostic, "location" | "sourceLine">> {
    const location = this.locate(offset);
    return { location, sourceLine: this.lineText(location.line) };
  }
}

/** Graph's names of what people may have written although no file is to hold it. */
const SECRET_KEYS = [...SECRET_KINDS, "password", "appleCareToken"];

/**
 * The value of a key that may hold a secret: a whole quoted text, or all up to the end of the line,
 * for a plain one may hold commas.
 */
const SECRET = new RegExp(`((?:${SECRET_KEYS.join("|")})["']?\\s*:\\s*)("(?:[^"\\\\]|\\\\.)*"|'(?:[^']|'')*'|.+)`, "gi");

/** A mistake of a file or folder that has no text to point into. */
export function fileMistake(code: DiagnosticCode, path: string, message: string, hint: string): Diagnostic {
  return { code, severity: "error", message, hint, location: { file: path, line: 1, column: 1 } };
}

/** A mistake that points at the line and column of the place. */
export function mistakeAt(place: Place, code: DiagnosticCode, message: string, hint?: string): Diagnostic {
  return place.file.mistake(code, place.offset, message, hint);
}

/** `file:line:column`, for a message about one place that names another. */
export function describePlace(place: Place): string {
  const { file, line, column } = place.file.locate(place.offset);
  return `${file}:${line}:${column}`;
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function lastAtOrBefore(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

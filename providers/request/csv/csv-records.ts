import { CsvError, type CsvErrorCode, type Info, parse } from "csv-parse/sync";
import type { Diagnostic } from "../../domain/diagnostic.ts";
import type { Place, SourceFile } from "../files/source-file.ts";

/** Signs that stand between cells; files of requests have commas alone. */
export type Delimiter = "," | ";" | "\t";

/** One record; `line` is the one that it starts on. */
export interface CsvRecord {
  readonly cells: readonly string[];
  readonly line: number;
  readonly delimiter: Delimiter;
}

/** `broken` is text that is no CSV, such as a quote that is never closed. */
export type CsvRecords =
  | { readonly kind: "records"; readonly records: readonly CsvRecord[] }
  | { readonly kind: "broken"; readonly diagnostic: Diagnostic };

/**
 * RFC 4180, with LF or CRLF; empty lines are passed over, and a row may have fewer or more cells
 * than the header.
 */
export function parseCsvRecords(file: SourceFile, delimiter: Delimiter = ","): CsvRecords {
  try {
    const parsed: unknown = parse(file.text.replaceAll("\r\n", "\n"), { ...OPTIONS, delimiter });
    const records = parsed as readonly { record: readonly string[]; info: Info }[];
    return { kind: "records", records: records.map((record) => toRecord(record, delimiter)) };
  } catch (error) {
    if (error instanceof CsvError) return { kind: "broken", diagnostic: explain(file, error) };
    throw error;
  }
}

/** Lines are counted right only where every line ends in LF alone. */
const OPTIONS = { info: true, trim: true, relax_column_count: true, skip_empty_lines: true, record_delimiter: "\n" } as const;

function toRecord({ record, info }: { record: readonly string[]; info: Info }, delimiter: Delimiter): CsvRecord {
  const breaks = record.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0);
  return { cells: record, line: info.lines - breaks, delimiter };
}

const WORDS: Readonly<Partial<Record<CsvErrorCode, readonly [message: string, hint: string]>>> = {
  INVALID_OPENING_QUOTE: ["a quote in the middle of a cell", 'put the whole cell in quotes and write "" for one quote inside'],
  CSV_INVALID_CLOSING_QUOTE: ["text after a closing quote", 'put the whole cell in quotes and write "" for one quote inside'],
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: [
    "text after a closing quote",
    'put the whole cell in quotes and write "" for one quote inside',
  ],
};

function explain(file: SourceFile, error: CsvError): Diagnostic {
  if (error.code === "CSV_QUOTE_NOT_CLOSED")
    return file.mistake("DLR024", lastOpenQuote(file.text), "this quote is never closed", 'write the " that closes it');
  const [message, hint] = WORDS[error.code] ?? ["this is not CSV", "write one device a row, cells separated by commas"];
  const line = typeof error.lines === "number" ? error.lines : 1;
  return file.mistake("DLR024", file.offsetOfLine(line), message, hint);
}

/**
 * The parser says only that a quote is open at the end. Doubled quotes inside a cell close and
 * open, so counting is enough.
 */
function lastOpenQuote(text: string): number {
  let opened = 0;
  let open = false;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) {
    open = !open;
    if (open && !(at > 0 && text[at - 1] === '"')) opened = at;
  }
  return opened;
}

/** Exact unless an earlier cell of the row holds a line break: then the start of the row. */
export function cellPlace(file: SourceFile, record: CsvRecord, index: number): Place {
  const start = file.offsetOfLine(record.line);
  const exact = record.cells.slice(0, index).every((cell) => !cell.includes("\n"));
  const line = file.text.slice(start, file.offsetOfLine(record.line + 1)).trimEnd();
  return { file, offset: exact ? start + cellOffset(line, index, record.delimiter) : start };
}

/** Offset of a cell within the first line of its record, quotes and spaces included. */
function cellOffset(line: string, index: number, delimiter: Delimiter): number {
  let quoted = false;
  let commas = 0;
  for (let at = 0; at < line.length; at += 1) {
    if (commas === index) return at + (/^ */.exec(line.slice(at))?.[0].length ?? 0);
    if (line[at] === '"') quoted = !quoted;
    else if (line[at] === delimiter && !quoted) commas += 1;
  }
  return line.length;
}

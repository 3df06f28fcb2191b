import { REMOTE_ACTIONS } from "../../domain/actions/action-table.ts";
import type { Diagnostic } from "../../domain/diagnostic.ts";
import type { DeviceSelector } from "../../domain/request.ts";
import { quoted } from "../../support/words.ts";
import { deviceKey } from "../device-key.ts";
import { explainLookAlike } from "../explain/explain-look-alike.ts";
import { mistakeAt, type Place, type SourceFile } from "../files/source-file.ts";
import { checkGenericSerial } from "../generic-serial.ts";
import { findSchemaErrors } from "../schema/find-schema-errors.ts";
import { CSV_SCHEMA } from "../schema/schema.ts";
import { type ColumnResult, type DeviceColumn, findColumn, HEADER_HINT, isPreamble } from "./csv-header.ts";
import { type CsvRecord, cellPlace, parseCsvRecords } from "./csv-records.ts";

/** One device, with its line for later diagnostics. */
export interface CsvRow {
  readonly selector: DeviceSelector;
  readonly place: Place;
  /** What the row has for the parameters that belong to one device, by name. */
  readonly cells: ReadonlyMap<string, CsvCell>;
}

/** One cell, with its place in the file. */
export interface CsvCell {
  readonly value: string;
  readonly place: Place;
}

/** What one file names; a row with a mistake is in `diagnostics` alone. */
export interface CsvDevices {
  /** The rows without a mistake. */
  readonly rows: readonly CsvRow[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The devices of a CSV file: a header with `serialNumber` or `id`, one device a row, other columns
 * ignored.
 */
export function readCsv(file: SourceFile): CsvDevices {
  const parsed = parseCsvRecords(file);
  if (parsed.kind === "broken") return refused(parsed.diagnostic);
  const [header, ...body] = belowPreamble(parsed.records);
  if (header === undefined) return refused(file.mistake("DLR005", 0, "the file is empty", HEADER_HINT));
  return readTable(file, header, body, findColumn(file, header, body));
}

/** What stands below its header, once it is known which column names the devices. */
export function readTable(file: SourceFile, header: CsvRecord, body: readonly CsvRecord[], column: ColumnResult): CsvDevices {
  if (column.kind === "wrong") return refused(column.diagnostic);
  const tooLong = body.find(({ cells }) => column.index > 0 && cells.slice(header.cells.length).some((cell) => cell !== ""));
  if (tooLong !== undefined) return refused(explainTooLong(file, header, tooLong));
  const own = ownColumns(header);
  if (body.length === 0)
    return refused(file.mistake("DLR022", file.text.length, "there is no row below the header", "write one device a row"));
  const last = body[MOST_ROWS];
  if (last === undefined) return readRows(file, column, own, body);
  return refused(
    file.mistake("DLR032", file.offsetOfLine(last.line), `the file has more than ${MOST_ROWS} rows`, "split it, one stack each"),
  );
}

/** A comma inside of a cell moves what stands behind it, and with it which device is meant. */
function explainTooLong(file: SourceFile, header: CsvRecord, row: CsvRecord): Diagnostic {
  const message = `this row has ${row.cells.length} cells, and the header ${header.cells.length}`;
  return file.mistake("DLR024", file.offsetOfLine(row.line), message, "put a cell that holds a comma in quotes");
}

/**
 * Rows of one file at most, as many as a run may hold: more of them in 1 MiB cannot be serial
 * numbers.
 */
const MOST_ROWS = 100_000;

/** Where the file has a mistake that leaves no row. */
export function refused(diagnostic: Diagnostic): CsvDevices {
  return { rows: [], diagnostics: [diagnostic] };
}

/** Header and rows, without what programs write above and below them. */
export function belowPreamble(records: readonly CsvRecord[]): readonly CsvRecord[] {
  return withoutEmptyEnd(records.slice(records.findIndex((record) => !isPreamble(record))));
}

/** Spreadsheets write a row of commas for each that was once filled. */
function withoutEmptyEnd(records: readonly CsvRecord[]): readonly CsvRecord[] {
  const last = records.findLastIndex(({ cells }) => cells.some((cell) => cell !== ""));
  return records.slice(0, last + 1);
}

/**
 * The columns that hold a parameter of one device, with their places in a row. Of two with one name
 * the first counts.
 */
function ownColumns({ cells }: CsvRecord): readonly (readonly [name: string, index: number])[] {
  const names = new Set(REMOTE_ACTIONS.flatMap((action) => action.ofOneDevice ?? []));
  return [...names].flatMap((name) => (cells.includes(name) ? [[name, cells.indexOf(name)] as const] : []));
}

function readRows(
  file: SourceFile,
  column: DeviceColumn,
  own: readonly (readonly [name: string, index: number])[],
  body: readonly CsvRecord[],
): CsvDevices {
  const rows: CsvRow[] = [];
  const diagnostics: Diagnostic[] = [];
  const firstLines = new Map<string, number>();
  for (const record of body) {
    const value = record.cells[column.index] ?? "";
    const place = cellPlace(file, record, column.index);
    const selector: DeviceSelector = column.key === "id" ? { id: value } : { serialNumber: value };
    const key = deviceKey(selector) ?? "";
    const wrong = checkCell(place, column, value) ?? checkRepetition(place, value, firstLines.get(key));
    const cells = own.map(([name, index]) => [name, { value: record.cells[index] ?? "", place: cellPlace(file, record, index) }] as const);
    if (wrong === null) rows.push({ selector, place, cells: new Map(cells) });
    else diagnostics.push(wrong);
    if (value !== "" && !firstLines.has(key)) firstLines.set(key, record.line);
  }
  return { rows, diagnostics };
}

function checkCell(place: Place, { key }: DeviceColumn, value: string): Diagnostic | null {
  if (value === "") return mistakeAt(place, "DLR022", `this row has no ${key}`, `write the ${key}, or delete the row`);
  if (value.toLowerCase() === key.toLowerCase())
    return mistakeAt(place, "DLR022", "this is the header a second time", "delete this row: two lists were put together here");
  if (/^\d+(?:[.,]\d+)?E\+\d+$/i.test(value))
    return mistakeAt(
      place,
      "DLR015",
      `${quoted(value)} is a number that a spreadsheet has rounded`,
      "format the column as text and enter it again",
    );
  const generic = key === "serialNumber" ? checkGenericSerial(place, value) : null;
  if (generic !== null) return generic;
  if (findSchemaErrors(CSV_SCHEMA, { [key]: value }).length > 0)
    return (
      explainLookAlike(place.file, place.offset, `the ${key}`, value) ??
      mistakeAt(place, "DLR015", `${quoted(value)} has not the form of ${key}`, "copy it from Intune again, without quotes and other signs")
    );
  return null;
}

function checkRepetition(place: Place, value: string, firstLine: number | undefined): Diagnostic | null {
  if (firstLine === undefined) return null;
  return mistakeAt(place, "DLR023", `${quoted(value)} stands in line ${firstLine} already`, "delete one of the two rows");
}

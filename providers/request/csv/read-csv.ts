import type { Diagnostic } from "../../domain/diagnostic.ts";
import { isGenericSerial } from "../../domain/managed-device.ts";
import type { DeviceSelector } from "../../domain/request.ts";
import { listed, quoted } from "../../support/words.ts";
import { deviceKey } from "../device-key.ts";
import { mistakeAt, type Place, type SourceFile } from "../files/source-file.ts";
import { CSV_SCHEMA } from "../schema/schema.ts";
import { ROW_KEYS } from "../schema/selector-schema.ts";
import { findSchemaErrors } from "../schema/validators.ts";
import { type CsvRecord, cellOffset, parseCsvRecords } from "./csv-records.ts";

/** One device, with its line for later diagnostics. */
export interface CsvRow {
  readonly selector: DeviceSelector;
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
  const [header, ...body] = parsed.records;
  if (header === undefined) return refused(file.mistake("DLR005", 0, "the file is empty", HEADER_HINT));
  const column = findColumn(file, header);
  if (column.kind === "wrong") return refused(column.diagnostic);
  if (body.length === 0)
    return refused(file.mistake("DLR022", file.text.length, "there is no row below the header", "write one device a row"));
  const last = body[MOST_ROWS];
  if (last === undefined) return readRows(file, column, body);
  return refused(
    file.mistake("DLR032", file.offsetOfLine(last.line), `the file has more than ${MOST_ROWS} rows`, "split it, one stack each"),
  );
}

/**
 * Rows of one file at most, as many as a run may hold: more of them in 1 MiB cannot be serial
 * numbers.
 */
const MOST_ROWS = 100_000;

const HEADER_HINT = "start with a line serialNumber, followed by one serial number a line";

function refused(diagnostic: Diagnostic): CsvDevices {
  return { rows: [], diagnostics: [diagnostic] };
}

interface DeviceColumn {
  readonly kind: "column";
  readonly key: (typeof ROW_KEYS)[number];
  readonly index: number;
}

type ColumnResult = DeviceColumn | { readonly kind: "wrong"; readonly diagnostic: Diagnostic };

function findColumn(file: SourceFile, header: CsvRecord): ColumnResult {
  const found = header.cells.flatMap((cell, index) => ROW_KEYS.filter((key) => key === cell).map((key) => ({ key, index })));
  const [first, second] = found;
  if (first === undefined) return { kind: "wrong", diagnostic: explainHeader(file, header) };
  if (second === undefined) return { kind: "column", ...first };
  const hint = "keep one of them, so that it is clear which device is meant";
  const message = first.key === second.key ? `two columns are called ${first.key}` : `there are both columns, ${listed(ROW_KEYS, "and")}`;
  return { kind: "wrong", diagnostic: mistakeAt(cellPlace(file, header, second.index), "DLR022", message, hint) };
}

/** Names that Intune's own exports give to the two columns. */
const EXPORTED_NAMES: ReadonlyMap<string, string> = new Map([
  ["serialnumber", "serialNumber"],
  ["serialno", "serialNumber"],
  ["serial", "serialNumber"],
  ["deviceid", "id"],
  ["intunedeviceid", "id"],
  ["manageddeviceid", "id"],
  ["id", "id"],
]);

function explainHeader(file: SourceFile, header: CsvRecord): Diagnostic {
  const offset = file.offsetOfLine(header.line);
  const separator = separatorOf(header.cells);
  if (separator !== undefined) {
    const name = separator === "\t" ? "a tab" : separator;
    return file.mistake(
      "DLR024",
      offset,
      `the columns are separated by ${name}, not by a comma`,
      "separate them by commas (in Excel: CSV UTF-8, comma delimited)",
    );
  }
  const near = header.cells.findIndex((cell) => exportedName(cell) !== undefined);
  const hint =
    near === -1 ? HEADER_HINT : `rename the column ${quoted(header.cells[near] ?? "")} to ${exportedName(header.cells[near] ?? "")}`;
  return file.mistake("DLR022", offset, `there is no column ${listed(ROW_KEYS)}`, hint);
}

/** The sign that would give a device column, where a comma gives none. */
function separatorOf(cells: readonly string[]): string | undefined {
  if (cells.some((cell) => exportedName(cell) !== undefined)) return undefined;
  return [";", "\t", "|"].find((sign) => cells.some((cell) => cell.split(sign).some((part) => exportedName(part) !== undefined)));
}

function exportedName(cell: string): string | undefined {
  return EXPORTED_NAMES.get(cell.toLowerCase().replaceAll(/[^a-z]/g, ""));
}

function readRows(file: SourceFile, column: DeviceColumn, body: readonly CsvRecord[]): CsvDevices {
  const rows: CsvRow[] = [];
  const diagnostics: Diagnostic[] = [];
  const firstLines = new Map<string, number>();
  for (const record of body) {
    const value = record.cells[column.index] ?? "";
    const place = cellPlace(file, record, column.index);
    const selector: DeviceSelector = column.key === "id" ? { id: value } : { serialNumber: value };
    const key = deviceKey(selector) ?? "";
    const wrong = checkCell(place, column, value) ?? checkRepetition(place, value, firstLines.get(key));
    if (wrong === null) rows.push({ selector, place });
    else diagnostics.push(wrong);
    if (value !== "" && !firstLines.has(key)) firstLines.set(key, record.line);
  }
  return { rows, diagnostics };
}

function checkCell(place: Place, { key }: DeviceColumn, value: string): Diagnostic | null {
  if (value === "") return mistakeAt(place, "DLR022", `this row has no ${key}`, `write the ${key}, or delete the row`);
  if (/^\d+(?:[.,]\d+)?E\+\d+$/i.test(value))
    return mistakeAt(
      place,
      "DLR015",
      `${quoted(value)} is a number that a spreadsheet has rounded`,
      "format the column as text and enter it again",
    );
  if (findSchemaErrors(CSV_SCHEMA, { [key]: value }).length > 0)
    return mistakeAt(
      place,
      "DLR015",
      `${quoted(value)} has not the form of a ${key}`,
      "copy it from Intune again, without quotes and other signs",
    );
  return key === "serialNumber" ? checkGenericSerial(place, value) : null;
}

/** Vendors leave such numbers in place of a real one: they name many devices or none. */
export function checkGenericSerial(place: Place, serial: string): Diagnostic | null {
  if (!isGenericSerial(serial)) return null;
  return mistakeAt(place, "DLR028", `${quoted(serial)} is what a vendor writes where there is no serial number`, "name the device by id");
}

function checkRepetition(place: Place, value: string, firstLine: number | undefined): Diagnostic | null {
  if (firstLine === undefined) return null;
  return mistakeAt(place, "DLR023", `${quoted(value)} stands in line ${firstLine} already`, "delete one of the two rows");
}

/** Exact unless an earlier cell of the row holds a line break: then the start of the row. */
function cellPlace(file: SourceFile, record: CsvRecord, index: number): Place {
  const start = file.offsetOfLine(record.line);
  const exact = record.cells.slice(0, index).every((cell) => !cell.includes("\n"));
  const line = file.text.slice(start, file.offsetOfLine(record.line + 1)).trimEnd();
  return { file, offset: exact ? start + cellOffset(line, index) : start };
}

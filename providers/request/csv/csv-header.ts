import type { Diagnostic } from "../../domain/diagnostic.ts";
import { inPlainSigns } from "../../support/look-alikes.ts";
import { listed, quoted } from "../../support/words.ts";
import { explainLookAlike } from "../explain/explain-look-alike.ts";
import type { SourceFile } from "../files/source-file.ts";
import { ROW_KEYS } from "../schema/selector-schema.ts";
import { type CsvRecord, cellPlace } from "./csv-records.ts";

/** What to write where a list has no header. */
export const HEADER_HINT = "start with a line serialNumber, followed by one serial number a line";

/** The column that names the devices. */
export interface DeviceColumn {
  readonly kind: "column";
  readonly key: (typeof ROW_KEYS)[number];
  readonly index: number;
}

/** The column that names the devices, or why there is none. */
export type ColumnResult = DeviceColumn | { readonly kind: "wrong"; readonly diagnostic: Diagnostic };

/**
 * The device column of a header; `body` is what stands below it, for a header that is further down.
 */
export function findColumn(file: SourceFile, header: CsvRecord, body: readonly CsvRecord[]): ColumnResult {
  const found = header.cells.flatMap((cell, index) => ROW_KEYS.filter((key) => key === cell).map((key) => ({ key, index })));
  const [first, second] = found;
  if (first === undefined) return { kind: "wrong", diagnostic: explainHeader(file, header, body) };
  if (second === undefined) return { kind: "column", ...first };
  const hint = "keep one of them, so that it is clear which device is meant";
  const message = first.key === second.key ? `two columns are called ${first.key}` : `there are both columns, ${listed(ROW_KEYS, "and")}`;
  const { offset } = cellPlace(file, header, second.index);
  return { kind: "wrong", diagnostic: file.mistake("DLR022", offset, message, hint) };
}

/**
 * The device column of a list that a portal or a script exported, by its own name there. Serial
 * numbers go before ids, unless `by` says which.
 */
export function findExportedColumn(
  file: SourceFile,
  header: CsvRecord,
  body: readonly CsvRecord[],
  by?: DeviceColumn["key"],
): ColumnResult {
  const serials = columnsOf(header.cells, "serialNumber");
  const key = by ?? (serials.length > 0 ? "serialNumber" : "id");
  const found = key === "serialNumber" ? serials : entraColumns(header.cells).length > 0 ? [] : columnsOf(header.cells, "id");
  const [index, second] = found;
  if (index === undefined) return { kind: "wrong", diagnostic: explainHeader(file, header, body) };
  if (second === undefined) return { kind: "column", key, index };
  const names = listed(
    [index, second].map((at) => quoted(header.cells[at] ?? "")),
    "and",
  );
  const { offset } = cellPlace(file, header, second);
  return { kind: "wrong", diagnostic: file.mistake("DLR022", offset, `the columns ${names} may both be the ${key}`, "delete one of them") };
}

/** Of those that are called so, our own name goes before the names that others give. */
function columnsOf(cells: readonly string[], key: DeviceColumn["key"]): readonly number[] {
  const indexes = (fits: (cell: string) => boolean) => cells.flatMap((cell, index) => (fits(cell) ? [index] : []));
  const own = indexes((cell) => cell === key);
  return own.length > 0 ? own : indexes((cell) => EXPORTED_NAMES.get(bare(cell)) === key);
}

/** True for a row that names a device column in whatever words. */
export function isExportedHeader({ cells }: Pick<CsvRecord, "cells">): boolean {
  return cells.some(isExportedName);
}

/** Excel's `sep=,` and PowerShell's `#TYPE System.…` stand above the header, for programs alone. */
export function isPreamble({ cells }: CsvRecord): boolean {
  return /^(?:sep=.?$|#TYPE )/i.test(cells[0] ?? "");
}

/**
 * Names that Intune, Autopilot, Apple and spreadsheets give to the two columns, in the languages of
 * the portal.
 */
const EXPORTED_NAMES: ReadonlyMap<string, "serialNumber" | "id"> = new Map([
  ...[
    "serialnumber",
    "serialno",
    "serialnumbers",
    "serial",
    "serials",
    "sn",
    "deviceserialnumber",
    "deviceserial",
    "hardwareserial",
    "seriennummer",
    "geraeteseriennummer",
    "serienummer",
    "numerodeserie",
    "numerodiserie",
    "numerseryjny",
  ].map((name) => [name, "serialNumber"] as const),
  ...["deviceid", "intunedeviceid", "manageddeviceid", "id"].map((name) => [name, "id"] as const),
]);

function explainHeader(file: SourceFile, header: CsvRecord, body: readonly CsvRecord[]): Diagnostic {
  const alike = header.cells.findIndex((cell) => ROW_KEYS.some((key) => key === inPlainSigns(cell).replaceAll(/["']/g, "")));
  const place = cellPlace(file, header, Math.max(alike, 0));
  const sign = explainLookAlike(file, place.offset, "the header", header.cells[alike] ?? "");
  if (sign !== null) return sign;
  const separator = separatorOf(header.cells);
  if (separator !== undefined) return explainSeparator(file, header, separator);
  const hint = hintOf(header.cells);
  const below = hint === undefined ? headerBelow(body) : undefined;
  const offset = file.offsetOfLine(header.line);
  if (below !== undefined)
    return file.mistake("DLR022", offset, `the header is not the first line: it is line ${below.line}`, hintBelow(below));
  return file.mistake("DLR022", offset, `there is no column ${listed(ROW_KEYS)}`, hint ?? HEADER_HINT);
}

function explainSeparator(file: SourceFile, { line }: CsvRecord, separator: string): Diagnostic {
  const name = separator === "\t" ? "a tab" : separator;
  const message = `the columns are separated by ${name}, not by a comma`;
  const hint = "separate them by commas (in Excel: CSV UTF-8, comma delimited; in PowerShell: Export-Csv -Delimiter ',')";
  return file.mistake("DLR024", file.offsetOfLine(line), message, hint);
}

/** The sign that would give a device column, where a comma gives none. */
function separatorOf(cells: readonly string[]): string | undefined {
  return [";", "\t", "|"].find((sign) => cells.some((cell) => cell.includes(sign) && cell.split(sign).some(isExportedName)));
}

/** Titles and dates that a report has above its table are few lines. */
export const MOST_TITLES = 20;

function headerBelow(body: readonly CsvRecord[]): CsvRecord | undefined {
  return body.slice(0, MOST_TITLES).find(({ cells }) => cells.some(isExportedName) || separatorOf(cells) !== undefined);
}

function hintBelow({ cells, line }: CsvRecord): string {
  const rename = cells.some((cell) => ROW_KEYS.some((key) => key === cell)) ? undefined : hintOf(cells);
  return `delete the lines above line ${line}${rename === undefined ? "" : `, and ${rename}`}`;
}

function isExportedName(cell: string): boolean {
  return EXPORTED_NAMES.has(bare(cell));
}

/** What to do with the columns that are there; undefined where none of them is known. */
function hintOf(cells: readonly string[]): string | undefined {
  const named = (key: string) => cells.find((cell) => EXPORTED_NAMES.get(bare(cell)) === key);
  const serial = named("serialNumber");
  if (serial !== undefined) return `rename the column ${quoted(serial)} to serialNumber`;
  const ofEntra = entraColumns(cells);
  if (ofEntra.length > 0)
    return (
      `${listed(ofEntra.map(quoted), "and")} ${ofEntra.length === 1 ? "is an id" : "are ids"} of Entra, which Intune does not know a device by: ` +
      "take the list from Intune (Devices, All devices, Export) and rename its column Serial number to serialNumber"
    );
  const id = named("id");
  return id === undefined ? undefined : `rename the column ${quoted(id)} to id`;
}

/**
 * Entra's own names of its two ids. `Device ID` is Intune's in its exports, unless another column
 * shows that Entra wrote the list.
 */
function entraColumns(cells: readonly string[]): readonly string[] {
  const names = cells.map(bare);
  const certain = cells.filter((_, index) => ENTRA_IDS.test(names[index] ?? ""));
  const device = cells.filter((_, index) => names[index] === "deviceid");
  const byEntra = names.some((name) => ENTRA_ONLY.test(name)) || (device.length > 0 && names.includes("id"));
  if (byEntra || device.includes("deviceId")) return [...device, ...certain];
  return names.some((name) => EXPORTED_NAMES.get(name) === "id") ? [] : certain;
}

const ENTRA_IDS = /^(?:(?:entra|azuread|aad|microsoftentra|azureactivedirectory)(?:device|object)?id|objectid)$/;
const ENTRA_ONLY = /^(?:objectid|trusttype|jointype|approximatelastsignindatetime|registeredowners|registrationtime|profiletype)$/;

/** Letters alone, without accents and case. */
function bare(cell: string): string {
  return cell
    .normalize("NFD")
    .toLowerCase()
    .replaceAll(/[^a-z]/g, "");
}

import type { SourceFile } from "../files/source-file.ts";
import { type DeviceColumn, findExportedColumn, HEADER_HINT, isExportedHeader, MOST_TITLES } from "./csv-header.ts";
import { type Delimiter, parseCsvRecords } from "./csv-records.ts";
import { belowPreamble, type CsvDevices, readTable, refused } from "./read-csv.ts";

/**
 * The devices of a list as Intune, Autopilot, a script or a spreadsheet wrote it: titles above the
 * header, the names of the portal's columns, semicolons or tabs. `by`: which column names them.
 */
export function readExport(file: SourceFile, by?: DeviceColumn["key"]): CsvDevices {
  const parsed = parseCsvRecords(file, delimiterOf(file.text));
  if (parsed.kind === "broken") return refused(parsed.diagnostic);
  const records = belowPreamble(parsed.records);
  const titles = records.slice(0, MOST_TITLES).findIndex(isExportedHeader);
  const [header, ...body] = records.slice(Math.max(titles, 0));
  if (header === undefined) return refused(file.mistake("DLR005", 0, "the file is empty", HEADER_HINT));
  return readTable(file, header, body, findExportedColumn(file, header, body, by));
}

const DELIMITERS: readonly Delimiter[] = [",", ";", "\t"];

/** The sign that gives a device column in one of the first lines. */
function delimiterOf(text: string): Delimiter {
  const lines = text.split("\n", MOST_TITLES + 2);
  const fits = (sign: Delimiter) => lines.some((line) => isExportedHeader({ cells: line.split(sign) }));
  return DELIMITERS.find(fits) ?? ",";
}

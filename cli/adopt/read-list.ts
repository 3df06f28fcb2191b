import { findRemoteAction } from "../../providers/domain/actions/action-table.ts";
import type { Diagnostic } from "../../providers/domain/diagnostic.ts";
import type { StepSpec } from "../../providers/domain/request.ts";
import type { CsvRow } from "../../providers/request/csv/read-csv.ts";
import { readExport } from "../../providers/request/csv/read-export.ts";
import type { SourceFile } from "../../providers/request/files/source-file.ts";
import type { WantedDevices } from "./wanted.ts";

/** The devices of a list that somebody exported; a row with a mistake is in `diagnostics` alone. */
export interface ReadList {
  readonly devices: Extract<WantedDevices, { kind: "list" }>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Of its columns only those that are read: which device, and what the steps take of it. */
export function readList(file: SourceFile, steps: readonly StepSpec[], by?: "serialNumber" | "id"): ReadList {
  const { rows, diagnostics } = readExport(file, by);
  const key = rows[0]?.selector.id === undefined ? "serialNumber" : "id";
  const taken = new Set(steps.flatMap(({ action }) => findRemoteAction(action)?.ofOneDevice ?? []));
  const own = [...(rows[0]?.cells.keys() ?? [])].filter((name) => taken.has(name));
  const cellsOf = ({ selector, cells }: CsvRow) => [selector[key]?.trim() ?? "", ...own.map((name) => cells.get(name)?.value ?? "")];
  return { devices: { kind: "list", columns: [key, ...own], rows: rows.map(cellsOf) }, diagnostics };
}

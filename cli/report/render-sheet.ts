import stringWidth from "string-width";
import { printable } from "../../providers/domain/diagnostic.ts";
import type { Line, Sheet } from "../../report/sheet/sheet.ts";
import { renderTable, wrapText } from "../support/table.ts";

/** The first of these gives way first where the terminal is too narrow for all columns. */
const LEAST_WANTED: readonly string[] = [
  "escrowReference",
  "settled",
  "revealed",
  "destroysData",
  "reason",
  "endedAt",
  "managedDeviceOwnerType",
  "supervised",
  "system",
  "userPrincipalName",
  "model",
  "deviceName",
  "startedBy",
  "message",
];

const GAP = 2;

/**
 * Totals, then the rows. Columns in which nothing stands are left out; those that do not fit are
 * named.
 */
export function renderSheet({ totals, columns, rows, lists, details }: Sheet, width: number): string {
  const used = columns.map((_, index) => index).filter((index) => rows.some((cells) => cells[index] !== ""));
  const shown = fitting(used, { columns, rows }, width);
  const table = [
    shown.map((index) => (columns[index]?.title ?? "").toUpperCase()),
    ...rows.map((cells) => shown.map((index) => cells[index] ?? "")),
  ];
  const cut = used.filter((index) => !shown.includes(index)).map((index) => columns[index]?.title);
  return `${[
    ...totals.map(printable),
    ...(rows.length === 0 ? [] : ["", ...renderTable(table, width)]),
    ...lists.flatMap(({ title, lines }) => ["", title.toUpperCase(), ...renderLines(lines, width)]),
    ...(details ?? []).flatMap((lines, index) => ["", printable(rows[index]?.[0] ?? ""), ...renderLines(lines, width)]),
    ...(cut.length === 0 ? [] : ["", `too narrow for: ${cut.join(", ")}; --format csv has everything`]),
  ].join("\n")}\n`;
}

function renderLines(lines: readonly Line[], width: number): readonly string[] {
  return lines.flatMap(({ time, text }) => wrapText(text, width, " ".repeat(INDENT), `  ${time}  `));
}

/** Under the words, behind the time. */
const INDENT = 30;

function fitting(used: readonly number[], { columns, rows }: Pick<Sheet, "columns" | "rows">, width: number): readonly number[] {
  if (width === Number.POSITIVE_INFINITY) return used;
  const widths = new Map(
    used.map((index) => [
      index,
      rows.reduce((most, cells) => Math.max(most, stringWidth(cells[index] ?? "")), stringWidth(columns[index]?.title ?? "")),
    ]),
  );
  let shown = used;
  for (const key of LEAST_WANTED) {
    const all = shown.reduce((sum, index) => sum + (widths.get(index) ?? 0) + GAP, -GAP);
    if (all <= width) break;
    shown = shown.filter((index) => columns[index]?.key !== key);
  }
  return shown;
}

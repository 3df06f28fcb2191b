import { printable } from "../../providers/domain/diagnostic.ts";

/**
 * Rows under a heading, each column as wide as its widest cell; the last one is cut where the line
 * would be longer than `width`.
 */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[], width: number): readonly string[] {
  const cells = [head, ...rows].map((row) => row.map(printable));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    cut(
      row
        .map((cell, column) => (column === head.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
        .join("  ")
        .trimEnd(),
      width,
    ),
  );
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}

/** Of the terminal; what goes to a file or a pipe is never cut. */
export function terminalWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
}

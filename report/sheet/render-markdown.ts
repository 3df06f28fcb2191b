import { code } from "../../review/markdown/escape.ts";
import type { Chart, Column, Sheet } from "./sheet.ts";
import { thousands } from "./thousands.ts";

/** For a wiki, an issue or a job's summary. Whatever is not our own word stands in a code span. */
export function renderMarkdown(sheet: Sheet): string {
  const { title, where, at, totals, notes, columns, rows, charts } = sheet;
  return `${[
    `# ${title}`,
    `${code(where, 400)}, ${code(at)}`,
    totals.map((line) => `**${line}**`).join("\n\n"),
    ...charts.map(renderChart),
    ...(rows.length === 0 ? ["No device is so."] : [renderRows(columns, rows)]),
    notes.map((note) => `- ${note}`).join("\n"),
  ].join("\n\n")}\n`;
}

function renderChart({ title, bars }: Chart): string {
  return [`| ${title} | devices |`, "|---|---:|", ...bars.map(({ label, count }) => `| ${label} | ${thousands(count)} |`)].join("\n");
}

function renderRows(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const cellOf = (text: string, index: number) => (columns[index]?.kind === "text" ? code(text) : text === "" ? "–" : text);
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ kind }) => (kind === "number" ? "---:" : "---"))),
    ...rows.map((cells) => line(cells.map(cellOf))),
  ].join("\n");
}

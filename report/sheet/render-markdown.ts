import { code } from "../../review/markdown/escape.ts";
import type { Chart, Column, Line, Lines, Sheet } from "./sheet.ts";
import { thousands } from "./thousands.ts";

/** For a wiki, an issue or a job's summary. Whatever is not our own word stands in a code span. */
export function renderMarkdown(sheet: Sheet): string {
  const { title, noun, where, at, totals, notes, columns, rows, charts, lists, details } = sheet;
  return `${[
    `# ${title}`,
    `${code(where, 400)}, ${code(at)}`,
    totals.map((line) => `**${code(line, LONGEST_LINE)}**`).join("\n\n"),
    ...charts.map((chart) => renderChart(chart, noun)),
    ...(rows.length === 0 ? [`No ${noun} is so.`] : [renderRows(columns, rows)]),
    ...lists.map(renderLines),
    ...(details === null ? [] : rows.map((cells, index) => `**${code(cells[0] ?? "")}**\n\n${renderList(details[index] ?? [])}`)),
    notes.map((note) => `- ${note}`).join("\n"),
  ].join("\n\n")}\n`;
}

function renderChart({ title, bars, isText }: Chart, noun: string): string {
  const rows = bars.map(({ label, count }) => `| ${isText ? code(label) : label} | ${thousands(count)} |`);
  return [`| ${title} | ${noun}s |`, "|---|---:|", ...rows].join("\n");
}

function renderLines({ title, lines }: Lines): string {
  return `## ${title}\n\n${renderList(lines)}`;
}

function renderList(lines: readonly Line[]): string {
  return lines.map(({ time, text }) => `- ${code(time)} ${code(text, LONGEST_LINE)}`).join("\n");
}

const LONGEST_LINE = 400;

function renderRows(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const cellOf = (text: string, index: number) => (columns[index]?.kind === "text" ? code(text) : text === "" ? "–" : text);
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ kind }) => (kind === "number" ? "---:" : "---"))),
    ...rows.map((cells) => line(cells.map(cellOf))),
  ].join("\n");
}

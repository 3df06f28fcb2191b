import path from "node:path";
import { printableJson } from "../../providers/domain/diagnostic.ts";
import { lockCsv } from "../../report/activation-lock/lock-csv.ts";
import { lockSheet } from "../../report/activation-lock/lock-sheet.ts";
import type { ActivationLockReport } from "../../report/activation-lock/report.ts";
import { renderPage } from "../../report/html/render-page.ts";
import type { RequestsReport } from "../../report/requests/report.ts";
import { requestsCsv } from "../../report/requests/requests-csv.ts";
import { requestsSheet } from "../../report/requests/requests-sheet.ts";
import { renderMarkdown } from "../../report/sheet/render-markdown.ts";
import type { Sheet } from "../../report/sheet/sheet.ts";
import { renderSheet } from "./render-sheet.ts";

/** What `--format` takes. */
export const FORMATS = ["table", "csv", "json", "md", "html"] as const;

/** How a report is written. */
export type Format = (typeof FORMATS)[number];

/** As it was said, else by the ending of the file's name. */
export function formatOf(said: Format | undefined, file: string | undefined): Format {
  const ending = path.extname(file ?? "").slice(1);
  return said ?? FORMATS.find((format) => format === ending) ?? "table";
}

/** Every kind of report. */
type Report = ActivationLockReport | RequestsReport;

/**
 * The whole text of a report; `width`: columns that a table may have. `withStories`: table, CSV and
 * Markdown tell the story of each row too; JSON and the page always do.
 */
export function renderReport(report: Report, format: Format, width: number, withStories = false): string {
  switch (format) {
    case "table":
      return renderSheet(sheetOf(report, withStories), width);
    case "csv":
      return report.kind === "requests" ? requestsCsv(report, withStories) : lockCsv(report);
    case "json":
      return `${printableJson(report)}\n`;
    case "md":
      return renderMarkdown(sheetOf(report, withStories));
    case "html":
      return renderPage(sheetOf(report, true));
  }
}

function sheetOf(report: Report, withStories: boolean): Sheet {
  const sheet = report.kind === "requests" ? requestsSheet(report) : lockSheet(report);
  return withStories ? sheet : { ...sheet, details: null };
}

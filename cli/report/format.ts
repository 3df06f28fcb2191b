import path from "node:path";
import { printableJson } from "../../providers/domain/diagnostic.ts";
import { lockCsv } from "../../report/activation-lock/lock-csv.ts";
import { lockSheet } from "../../report/activation-lock/lock-sheet.ts";
import type { ActivationLockReport } from "../../report/activation-lock/report.ts";
import { renderPage } from "../../report/html/render-page.ts";
import { renderMarkdown } from "../../report/sheet/render-markdown.ts";
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

/** The whole text of a report; `width`: columns that a table may have. */
export function renderReport(report: ActivationLockReport, format: Format, width: number): string {
  switch (format) {
    case "table":
      return renderSheet(lockSheet(report), width);
    case "csv":
      return lockCsv(report);
    case "json":
      return `${printableJson(report)}\n`;
    case "md":
      return renderMarkdown(lockSheet(report));
    case "html":
      return renderPage(lockSheet(report));
  }
}

import { printable } from "../../providers/domain/diagnostic.ts";
import { describeActor } from "../../providers/rules/audit/judge-foreign.ts";
import { count } from "../../providers/support/words.ts";
import { renderTable } from "../support/table.ts";
import type { AuditRow } from "./audit-row.ts";

/** Counts of the actions that a look found. */
export interface AuditTotals {
  readonly actions: number;
  readonly explained: number;
  readonly failed: number;
  readonly foreign: number;
}

/** Over all rows, whichever of them are shown. */
export function totalsOf(rows: readonly AuditRow[]): AuditTotals {
  const of = (verdict: AuditRow["verdict"]) => rows.filter((row) => row.verdict === verdict).length;
  return { actions: rows.length, explained: of("explained"), failed: of("failed"), foreign: of("foreign") };
}

/** `3 actions since 2026-…: 1 FOREIGN, 2 explained by requests` */
export function renderTotals({ actions, explained, failed, foreign }: AuditTotals, since: string): string {
  const parts = [`${foreign} FOREIGN`, `${explained} explained by requests`, ...(failed === 0 ? [] : [`${failed} failed`])];
  return printable(`${count(actions, "action")} since ${since}: ${parts.join(", ")}`);
}

const HEAD = ["WHEN", "WHAT", "DEVICE", "WHO", "EXPLAINED BY"];

/** A line each, newest first; empty where there are none. */
export function renderAudit(rows: readonly AuditRow[], width: number): readonly string[] {
  if (rows.length === 0) return [];
  return renderTable([HEAD, ...rows.map(cellsOf)], width);
}

function cellsOf(row: AuditRow): readonly string[] {
  const { id, name } = row.device;
  const device = name === null ? (id ?? "not named") : id === null ? name : `${name} (${id})`;
  return [row.at, row.action, device, describeActor(row.actor), explainedBy(row)];
}

function explainedBy({ verdict, request, by, reported }: AuditRow): string {
  if (verdict === "explained") return `${request ?? "a request"} (${by ?? "its record"})`;
  if (verdict === "failed") return "failed";
  return reported ? "FOREIGN (reported)" : "FOREIGN";
}

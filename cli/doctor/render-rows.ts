import { printable, printableLines } from "../../providers/domain/diagnostic.ts";
import { EXIT_CODES } from "../../providers/domain/errors.ts";
import { count } from "../../providers/support/words.ts";
import type { Row } from "./row.ts";

const WIDTH = 13;

/** One line, and below it what to type where something is to be done. */
export function renderRow({ what, state, text, next }: Row): string {
  const line = `${state.padEnd(8)} ${what.padEnd(WIDTH)} ${text}`;
  return printableLines(next === "" ? line : `${line}\n${" ".repeat(9 + WIDTH)} → ${printable(next)}`);
}

/** How many rows are not ok. */
export function renderTotals(rows: readonly Row[]): string {
  const [lacking, hidden] = (["missing", "unknown"] as const).map((state) => rows.filter((row) => row.state === state).length);
  if (lacking === 0 && hidden === 0) return "everything is there";
  return `${count(rows.length, "row")}: ${lacking} missing, ${hidden} unknown; what is unknown could not be looked at, and may be right or wrong`;
}

/** 0 where every row is ok, 2 where something is missing, 3 where something could not be seen. */
export function exitCodeOf(rows: readonly Row[]): number {
  if (rows.some(({ state }) => state === "missing")) return EXIT_CODES.wrongUse;
  return rows.some(({ state }) => state === "unknown") ? EXIT_CODES.service : 0;
}

import stringWidth from "string-width";
import { printable } from "../../providers/domain/diagnostic.ts";

/** Of the terminal; what goes to a file or a pipe is never cut. */
export function terminalWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
}

const GAP = "  ";
const LEAST = 6;

/**
 * Rows of cells as lines under one another, no wider than `width` columns of a terminal; the first
 * may be a heading. Each column is as wide as its widest cell; where that is too much, the widest
 * columns give.
 */
export function renderTable(rows: readonly (readonly string[])[], width: number): readonly string[] {
  const shown = rows.map((cells) => cells.map(printable));
  const widths = fitted(widestOf(shown), width);
  return shown.map((cells) => {
    const padded = cells.map((cell, column) => pad(cutTo(cell, widths[column] ?? 0), widths[column] ?? 0));
    return cutTo(padded.join(GAP).trimEnd(), width);
  });
}

function widestOf(rows: readonly (readonly string[])[]): readonly number[] {
  const widest: number[] = [];
  for (const cells of rows) for (const [column, cell] of cells.entries()) widest[column] = Math.max(widest[column] ?? 0, stringWidth(cell));
  return widest;
}

function fitted(widths: readonly number[], width: number): readonly number[] {
  const room = width - GAP.length * Math.max(0, widths.length - 1);
  const fit = [...widths];
  let over = fit.reduce((sum, one) => sum + one, 0) - room;
  while (over > 0) {
    const widest = Math.max(...fit);
    if (widest <= LEAST) break;
    fit[fit.indexOf(widest)] = widest - 1;
    over--;
  }
  return fit;
}

/** The beginning of a text that is too wide; `…` says that it goes on. */
export function cutTo(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = "";
  for (const character of text) {
    if (stringWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stringWidth(text)));
}

/**
 * Words of a text on as many lines as they need, `first` before it and `indent` before each line
 * that goes on. A word that is wider than a line is cut.
 */
export function wrapText(text: string, width: number, indent: string, first = ""): readonly string[] {
  const lines: string[] = [];
  let line = "";
  let start = first;
  for (const word of printable(text).split(" ")) {
    const longer = line === "" ? start + word : `${line} ${word}`;
    if (line !== "" && stringWidth(longer) > width) {
      lines.push(cutTo(line, width));
      start = indent;
      line = start + word;
    } else line = longer;
  }
  // What was harmless within a line may be a pipeline's command where a line begins with it.
  return [...lines, cutTo(line, width)].map(printable);
}

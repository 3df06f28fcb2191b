import { type EntryLines, linesOf } from "./entry-lines.ts";

const NEW_INDENT = 2;

/**
 * The text without some of its entries: every other line stays as it is, but for the empty ones
 * that parted them from the next. `taken` are in the order of the text.
 */
export function withoutEntries(text: string, taken: readonly EntryLines[], kept: readonly EntryLines[]): string {
  const lines = linesOf(text);
  const gone = new Set<number>();
  for (const { start, end } of taken) {
    let behind = end;
    while (isEmpty(lines[behind])) behind += 1;
    for (let line = start; line < behind; line += 1) gone.add(line);
    // The last entry leaves no empty lines at the end of the file, but those of a text before it.
    if (behind < lines.length) continue;
    const floor = Math.max(0, ...kept.map((entry) => entry.end));
    for (let line = start - 1; line >= floor && (isEmpty(lines[line]) || gone.has(line)); line -= 1) gone.add(line);
  }
  return lines.filter((_, index) => !gone.has(index)).join("");
}

/**
 * The archive's text with entries of `from` behind those that it has; `archive` is null where there
 * is none yet. Lines are moved as a block, so that each stands to the others as it did.
 */
export function withEntries(
  archive: { readonly text: string; readonly indent: number } | null,
  from: string,
  moved: readonly EntryLines[],
): string {
  const indent = archive?.indent ?? NEW_INDENT;
  const lines = linesOf(from);
  const blocks = moved.map((entry) =>
    lines
      .slice(entry.start, entry.end)
      .map((line) => shifted(line, indent - entry.indent))
      .join(""),
  );
  // No empty line parts them: it could become part of a text above it.
  return [archive === null ? "requests:\n" : closed(archive.text), ...blocks].join("");
}

/** With the line end of Unix. */
function shifted(line: string, by: number): string {
  const text = line.replace(/\r?\n?$/, "");
  if (text === "") return "\n";
  if (by >= 0) return `${" ".repeat(by)}${text}\n`;
  return `${text.slice(Math.min(-by, text.length - text.trimStart().length))}\n`;
}

function closed(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function isEmpty(line: string | undefined): boolean {
  return line !== undefined && line.trim() === "";
}

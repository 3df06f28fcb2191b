import { type FileEntry, readFileEntries } from "../support/file-entries.ts";

/** What a file says in one of its entries. */
export interface EntryText {
  readonly name: string;
  /** The list that it names, as it is written. */
  readonly devicesFrom: string | null;
  /** Null where it has no lines of its own, as between brackets. */
  readonly lines: EntryLines | null;
}

/** Where an entry stands; lines are counted from 0. */
export interface EntryLines {
  /** Columns before its dash. */
  readonly indent: number;
  /** Its dash, or the first comment right above it. */
  readonly start: number;
  /** Behind its last line, a comment under it included. */
  readonly end: number;
}

/** Line ends stay at the lines. */
export function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/**
 * The entries of a file in its order, without a byte order mark; null for a text that is no list
 * of requests.
 */
export function readEntries(text: string): readonly EntryText[] | null {
  const found = readFileEntries(text, "requests");
  if (found === null || !found.isSound) return null;
  const placed = found.isFlow ? null : placesIn(text, found.entries);
  return found.entries.map(({ name, devicesFrom }, index) => ({ name, devicesFrom, lines: placed?.[index] ?? null }));
}

interface Placed extends Pick<FileEntry, "first" | "last"> {
  readonly indent: number;
}

/** Null where one of them cannot be told from its neighbours by lines. */
function placesIn(text: string, entries: readonly FileEntry[]): readonly EntryLines[] | null {
  const lines = linesOf(text);
  const placed = entries.map(({ first, last }) => {
    const [, indent] = /^( *)- *(?=[^\s#-])/.exec(lines[first] ?? "") ?? [];
    return indent === undefined ? null : { indent: indent.length, first, last };
  });
  if (!placed.every((one) => one !== null) || placed.some(({ indent }) => indent !== placed[0]?.indent)) return null;
  return placed.map((one, index) => boundsOf(one, placed[index - 1]?.last ?? -1, lines));
}

/**
 * A comment belongs to what it touches: above the dash, or under the entry and deeper than it.
 */
function boundsOf({ first, last, indent }: Placed, before: number, lines: readonly string[]): EntryLines {
  const isUnder = (line: string | undefined) => isComment(line) && indentOf(line) > indent;
  let end = last + 1;
  while (isUnder(lines[end])) end += 1;
  let floor = before + 1;
  while (floor < first && isUnder(lines[floor])) floor += 1;
  let start = first;
  while (start > floor && isComment(lines[start - 1])) start -= 1;
  return { indent, start, end };
}

function isComment(line: string | undefined): boolean {
  return line !== undefined && /^\s*#/.test(line);
}

function indentOf(line: string | undefined): number {
  return /^ */.exec(line ?? "")?.[0].length ?? 0;
}

import { codePointOf } from "../../support/look-alikes.ts";

/**
 * Characters that a reviewer does not see or that show text in another order than it is read by the
 * program: control characters, line and paragraph separators, what Unicode lets programs leave out
 * of a picture, blanks that are letters, and non-characters.
 * Source: https://trojansource.codes
 */
const UNSEEN = "[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}\\u2800\\ufff9-\\ufffb]";

/**
 * Joiners and selectors where writing needs them: one of them behind an emoji or a letter of a
 * script that joins its letters.
 */
const NEEDED = [
  "(?<=[^\\p{ASCII}\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}\\p{Default_Ignorable_Code_Point}])" +
    "[\\u200c\\u200d\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]",
  "(?<=\\ufe0f)\\u200d",
  "\\ufe0f(?=\\u20e3)",
].join("|");

const HIDDEN = `(?!${NEEDED})${UNSEEN}`;

/** Tabs and line ends, LF or CRLF, are no control characters in a file; in a value, CR is one. */
const HIDDEN_IN_FILE = new RegExp(`\\r(?!\\n)|(?![\\t\\r\\n])${HIDDEN}`, "gu");
const HIDDEN_IN_VALUE = new RegExp(`(?![\\t\\n])${HIDDEN}`, "u");

/**
 * `offset` counts UTF-16 units from the start of the text; `name` is for people, such as `U+202E`.
 */
export interface HiddenCharacter {
  readonly offset: number;
  readonly name: string;
  /** A line end of old Macs: one of them stands for all. */
  readonly endsLine: boolean;
}

/** The first `limit` hidden characters of a file's text. */
export function findHiddenCharacters(text: string, limit: number): readonly HiddenCharacter[] {
  const found: HiddenCharacter[] = [];
  let ended = false;
  for (const match of text.matchAll(HIDDEN_IN_FILE)) {
    const endsLine = match[0] === "\r";
    if (endsLine && ended) continue;
    ended ||= endsLine;
    found.push({ offset: match.index, name: nameOf(match[0]), endsLine });
    if (found.length === limit) break;
  }
  return found;
}

/**
 * The first hidden character of a value after its escapes were read (`"\0"`), or null. Line feeds
 * and tabs may stand in a value.
 */
export function hiddenCharacterIn(value: string): string | null {
  if (!value.isWellFormed()) return "U+D800 to U+DFFF, half of a character";
  const found = HIDDEN_IN_VALUE.exec(value);
  return found === null ? null : nameOf(found[0]);
}

function nameOf(character: string): string {
  const name = NAMES.get(character);
  return name === undefined ? codePointOf(character) : `${codePointOf(character)} (${name})`;
}

/** Those that come in by copying from web pages, office programs and chats. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["\0", "NUL"],
  ["\r", "carriage return"],
  ["\u00ad", "soft hyphen"],
  ["\u034f", "combining grapheme joiner"],
  ["\u200b", "zero width space"],
  ["\u200c", "zero width non-joiner"],
  ["\u200d", "zero width joiner"],
  ["\u200e", "left-to-right mark"],
  ["\u200f", "right-to-left mark"],
  ["\u202a", "left-to-right embedding"],
  ["\u202c", "end of a direction"],
  ["\u202d", "left-to-right override"],
  ["\u202e", "right-to-left override"],
  ["\u2060", "word joiner"],
  ["\u3164", "Hangul filler"],
  ["\ufeff", "byte order mark"],
]);

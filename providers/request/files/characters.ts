/**
 * Characters that a reviewer does not see or that show text in another order than it is read by the
 * program: control characters, line and paragraph separators, direction overrides, marks and
 * non-characters. Source: https://trojansource.codes
 */
const HIDDEN = "[\\p{Cc}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ufeff\\ufffe\\uffff]";

/** Tabs and line ends, LF or CRLF, are no control characters in a file; in a value, CR is one. */
const HIDDEN_IN_FILE = new RegExp(`\\r(?!\\n)|(?![\\t\\r\\n])${HIDDEN}`, "gu");
const HIDDEN_IN_VALUE = new RegExp(`(?![\\t\\n])${HIDDEN}`, "u");

/**
 * `offset` counts UTF-16 units from the start of the text; `name` is for people, such as `U+202E`.
 */
export interface HiddenCharacter {
  readonly offset: number;
  readonly name: string;
}

/** The first `limit` hidden characters of a file's text. */
export function findHiddenCharacters(text: string, limit: number): readonly HiddenCharacter[] {
  const found: HiddenCharacter[] = [];
  for (const match of text.matchAll(HIDDEN_IN_FILE)) {
    found.push({ offset: match.index, name: nameOf(match[0]) });
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
  if (character === "\0") return "NUL (U+0000)";
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

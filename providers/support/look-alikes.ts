/** A character that is easily taken for another one. */
export interface LookAlike {
  readonly index: number;
  readonly character: string;
  /** The sign of the keyboard that it looks like. */
  readonly looksLike: string;
}

/**
 * Letters of other scripts by the Latin ones, then what word processors write. Source:
 * https://www.unicode.org/reports/tr39/#Confusable_Detection
 */
const ALIKE: readonly (readonly [looksLike: string, characters: string])[] = [
  ..."aаαɑ bЬ cсϲ dԁ eеҽ gɡ hһհ iіιı jјϳ kкκ lӏ mм nոп oоοօ pрρ qԛ sѕ tтτ uυս vνѵ wԝѡ xхχ yуү"
    .split(" ")
    .map(([letter = "", ...others]) => [letter, others.join("")] as const),
  ..."AАΑ BВΒ CСϹ EЕΕ HНΗ IІΙӀ JЈ KКΚ MМΜ NΝ OОΟ PРΡ QԚ SЅ TТΤ WԜ XХΧ YУΥҮ ZΖ"
    .split(" ")
    .map(([letter = "", ...others]) => [letter, others.join("")] as const),
  ["-", "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2500\u2022\u2023\u25cf\u25aa"],
  ['"', "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"],
  ["'", "\u2018\u2019\u201a\u201b\u2032\u00b4"],
  [":", "\u2236\ua789\u02d0"],
  ["/", "\u2044\u2215"],
  [",", "\u060c\u3001"],
];

const BY_CHARACTER: ReadonlyMap<string, string> = new Map(
  ALIKE.flatMap(([looksLike, characters]) => Array.from(characters, (character) => [character, looksLike] as const)),
);

/**
 * The first character that is not of the keyboard but looks like one that is; null where there is
 * none.
 */
export function findLookAlike(text: string): LookAlike | null {
  let index = 0;
  for (const character of text) {
    const looksLike = plainSign(character);
    if (looksLike !== character && /^[ -~]$/.test(looksLike)) return { index, character, looksLike };
    index += character.length;
  }
  return null;
}

/** The text as it looks, in signs of the keyboard as far as there are any. */
export function inPlainSigns(text: string): string {
  return Array.from(text, plainSign).join("");
}

/**
 * Full-width and mathematical letters and all kinds of spaces are Unicode's own compatibility
 * forms.
 */
function plainSign(character: string): string {
  if (/^[\0-\x7f]$/.test(character)) return character;
  const compatible = character.normalize("NFKC");
  return BY_CHARACTER.get(character) ?? (/^[ -~]$/.test(compatible) ? compatible : character);
}

/** `U+200B`. */
export function codePointOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

import type { Diagnostic } from "../../domain/diagnostic.ts";
import { codePointOf, findLookAlike, inPlainSigns } from "../../support/look-alikes.ts";
import type { SourceFile } from "../files/source-file.ts";

/** Longer text of the user's is not said back in a hint. */
const LONGEST_REPEATED = 60;

/**
 * The first character of `text`, which starts at `offset`, that looks like one of the keyboard;
 * null where there is none.
 */
export function explainLookAlike(file: SourceFile, offset: number, label: string, text: string): Diagnostic | null {
  const found = findLookAlike(text);
  if (found === null) return null;
  const { character, looksLike, index } = found;
  // An opening quote or an escape in double quotes moves what stands behind it.
  const shift = file.text.slice(offset, offset + index + character.length + 1).indexOf(character);
  const like = looksLike === " " ? "a space" : looksLike === '"' ? "a double quote" : `"${looksLike}"`;
  const plain = inPlainSigns(text).trim();
  const isPlain = /^[ -~]+$/.test(plain) && plain.length <= LONGEST_REPEATED;
  return file.mistake(
    "DLR035",
    shift === -1 ? offset : offset + shift,
    `${label} holds ${codePointOf(character)}, which looks like ${like} and is not`,
    isPlain ? `type it on the keyboard: ${plain}` : `type the sign on the keyboard: ${looksLike}`,
  );
}

import leven from "leven";
import { quoted } from "./words.ts";

const LONGEST_WORD = 64;
const MOST_CANDIDATES = 500;

/**
 * The nearest of the known words, or null when none is near enough to be meant. Case does not
 * count.
 */
function nearest(word: string, known: readonly string[], most: number): string | null {
  if (word.length > LONGEST_WORD || known.length > most) return null;
  const wanted = word.toLowerCase();
  let best: { readonly candidate: string; readonly distance: number } | null = null;
  for (const candidate of known) {
    const distance = leven(wanted, candidate.toLowerCase());
    if (distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { candidate, distance };
  }
  return best !== null && best.distance <= Math.max(2, Math.floor(wanted.length / 3)) ? best.candidate : null;
}

/**
 * ` (did you mean "retire"?)`, or nothing. Whoever did not take the known words from a pull request
 * may look through more of them.
 */
export function didYouMean(word: string, known: readonly string[], most = MOST_CANDIDATES): string {
  const candidate = nearest(word, known, most);
  return candidate === null ? "" : ` (did you mean ${quoted(candidate)}?)`;
}

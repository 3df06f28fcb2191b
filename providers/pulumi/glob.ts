/**
 * True when the whole text fits the glob: `*` any run of characters, `?` one; case does not count, nor how an accent is composed. Takes time
 * in proportion to both lengths multiplied, whatever they hold.
 */
export function matchesGlob(glob: string, text: string): boolean {
  const [pattern, letters] = [fold(glob), fold(text)];
  let [at, letter, star, resume] = [0, 0, -1, 0];
  while (letter < letters.length) {
    if (pattern[at] === "*") {
      star = at++;
      resume = letter;
    } else if (pattern[at] === "?" || pattern[at] === letters[letter]) {
      at++;
      letter++;
    } else if (star !== -1) {
      at = star + 1;
      letter = ++resume;
    } else return false;
  }
  return pattern.slice(at).every((rest) => rest === "*");
}

function fold(text: string): readonly string[] {
  return Array.from(text.normalize("NFC"), (letter) => letter.toLowerCase());
}

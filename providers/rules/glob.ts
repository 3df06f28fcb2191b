/**
 * True when the whole text fits the glob: `*` any run of characters, `?` one; case does not count.
 * Goes back to the last star only, so that no glob takes longer than its length times the text's.
 */
export function matchesGlob(glob: string, text: string): boolean {
  const pattern = folded(glob);
  const characters = folded(text);
  let place = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < characters.length; ) {
    if (pattern[place] === "*") {
      star = place++;
      resume = index;
    } else if (place < pattern.length && (pattern[place] === "?" || pattern[place] === characters[index])) {
      place++;
      index++;
    } else if (star === -1) {
      return false;
    } else {
      place = star + 1;
      index = ++resume;
    }
  }
  return pattern.slice(place).every((character) => character === "*");
}

/**
 * Upper case, because lower case has two forms of one Greek letter; composed, because macOS spells
 * é as two characters; with one apostrophe, because an iPhone names itself Anna’s and people type
 * Anna's.
 */
function folded(text: string): readonly string[] {
  return Array.from(
    text
      .normalize("NFC")
      .toUpperCase()
      .replaceAll(/[\u2018\u2019]/g, "'"),
  );
}

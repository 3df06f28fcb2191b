/** No text of a column has it, and no folding of letters or removal of space touches it. */
const BETWEEN = "\0";

/** Texts as one, so that they are stored, and folded, at once; null where one cannot be told. */
export function columnOf(texts: readonly string[]): string | null {
  return texts.some((text) => text.includes(BETWEEN) || !text.isWellFormed()) ? null : texts.join(BETWEEN);
}

/** `count` is the number of texts. */
export function textsIn(column: string, count: number): readonly string[] {
  return count === 0 ? [] : column.split(BETWEEN);
}

/** How many words a command takes besides the stack. */
export interface WordsTaken {
  readonly needed: number;
  readonly most: number;
  /**
   * Its words are one text: as an npm script it takes all of them, and the stack by its option
   * alone.
   */
  readonly isText?: true;
}

/** The stack that was named, and the words that are left for the command. */
export interface SplitWords {
  readonly stack: string | undefined;
  readonly rest: readonly string[];
}

/**
 * Which of a command's words is the stack: with one more than the command takes it is the first;
 * where the last words may be left out too, it is when a stack has that name, which is looked up
 * only where nothing on the command line tells.
 */
export async function splitStack(
  words: readonly string[],
  { needed, most, isText }: WordsTaken,
  { stack, isPlaceSaid, isScript }: { readonly stack: string | undefined; readonly isPlaceSaid: boolean; readonly isScript: boolean },
  isStack: (name: string) => Promise<boolean>,
): Promise<SplitWords> {
  const [first, ...others] = words;
  if (stack !== undefined || first === undefined || (isText && isScript)) return { stack, rest: words };
  if (words.length > most) return { stack: first, rest: others };
  if (words.length <= needed || isPlaceSaid) return { stack, rest: words };
  return (await isStack(first)) ? { stack: first, rest: others } : { stack, rest: words };
}

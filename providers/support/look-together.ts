/**
 * A look that is shared by all who ask for it before it begins: what it sees is never older than
 * the question. One is under way at a time; whoever asks meanwhile gets the next.
 */
export function lookTogether<T>(look: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | null = null;
  return () => {
    next ??= last.then(() => {
      next = null;
      const begun = look();
      last = begun.catch(() => undefined);
      return begun;
    });
    return next;
  };
}

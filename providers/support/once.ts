/** Does the work at the first call; every call gets what came of it, a failure too. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}

/**
 * The same for each first argument: callers of one key share its work, a failure too. What else is
 * handed over counts at the first call of a key alone.
 */
export function onceFor<Key, Rest extends readonly unknown[], T>(
  work: (key: Key, ...rest: Rest) => Promise<T>,
): (key: Key, ...rest: Rest) => Promise<T> {
  const results = new Map<Key, Promise<T>>();
  return (key, ...rest) => {
    const result = results.get(key) ?? work(key, ...rest);
    results.set(key, result);
    return result;
  };
}

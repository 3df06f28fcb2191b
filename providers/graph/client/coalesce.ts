/**
 * Gathers calls that come in quick succession into one. The first of a burst goes at the end of the
 * turn of the event loop in which it came; while a load is under way later calls wait for its end,
 * or until `size` of them are there. Equal keys of one load share its answer.
 */
export function coalesce<V>(
  load: (keys: readonly string[]) => Promise<readonly (V | Error)[]>,
  options: { readonly size: number; readonly parallel: number },
): (key: string) => Promise<V> {
  const waiting = new Map<string, Waiter<V>[]>();
  let underWay = 0;
  const start = async (batch: readonly (readonly [string, readonly Waiter<V>[]])[]) => {
    underWay += 1;
    try {
      const values = await load(batch.map(([key]) => key));
      if (values.length !== batch.length) throw new Error("a load gave another number of values than it was asked for");
      for (const [place, [, waiters]] of batch.entries()) settle(waiters, values[place] as V | Error);
    } catch (error) {
      for (const [, waiters] of batch) settle(waiters, error instanceof Error ? error : new Error("a load failed", { cause: error }));
    } finally {
      underWay -= 1;
      pump();
    }
  };
  const pump = () => {
    while (waiting.size > 0 && (underWay === 0 || (waiting.size >= options.size && underWay < options.parallel))) {
      const batch = [...waiting].slice(0, options.size);
      for (const [key] of batch) waiting.delete(key);
      void start(batch);
    }
  };
  return (key) =>
    new Promise<V>((resolve, reject) => {
      if (waiting.size === 0) setImmediate(pump);
      waiting.set(key, [...(waiting.get(key) ?? []), { resolve, reject }]);
    });
}

interface Waiter<V> {
  readonly resolve: (value: V) => void;
  readonly reject: (error: Error) => void;
}

function settle<V>(waiters: readonly Waiter<V>[], value: V | Error): void {
  for (const waiter of waiters) {
    if (value instanceof Error) waiter.reject(value);
    else waiter.resolve(value);
  }
}

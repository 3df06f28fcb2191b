let count = 0;

/**
 * Does work that this process does not end in the middle of, whatever kind of resource it is for:
 * requests and policies are served by one process.
 */
export async function underWay<T>(work: () => Promise<T>): Promise<T> {
  count++;
  try {
    return await work();
  } finally {
    count--;
  }
}

/** True while there is none. */
export function isIdle(): boolean {
  return count === 0;
}

const TICKS_PER_MILLISECOND = 10_000;

/** ISO 8601 with Graph's seven digits of a second. */
export function graphTime(milliseconds: number, ticks = 0): string {
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${String(ticks).padStart(4, "0")}Z`;
}

/**
 * Times that grow with every call, also within one millisecond and when the clock stands still or
 * goes back.
 */
export function growingTimes(clock: () => number): () => string {
  let last = Number.NEGATIVE_INFINITY;
  let ticks = 0;
  return () => {
    const now = clock();
    ticks = now > last ? 0 : ticks + 1;
    last = Math.max(now, last);
    return graphTime(last + Math.floor(ticks / TICKS_PER_MILLISECOND), ticks % TICKS_PER_MILLISECOND);
  };
}

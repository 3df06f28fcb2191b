/** A measure over all rounds. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Throws `RangeError` for no values. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  if (lowest === undefined || highest === undefined) throw new RangeError("nothing was measured");
  const middle = sorted.length / 2;
  const median = ((sorted[Math.ceil(middle) - 1] ?? lowest) + (sorted[Math.floor(middle)] ?? highest)) / 2;
  return { median, lowest, highest };
}

/**
 * How many times as much `ours` is as `theirs`: the ratio of each round, then their spread. What
 * else the machine did in a round counts for both.
 */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): Spread {
  if (ours.length !== theirs.length) throw new RangeError("pairs have one of each");
  return spreadOf(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)));
}

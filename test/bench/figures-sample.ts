import type { Figures, Sample } from "../../bench/figures.ts";
import type { Operation } from "../../bench/operations.ts";

const OPERATIONS: readonly Operation[] = ["preview", "up", "idlePreview", "idleUp"];

/**
 * Seconds of each operation by contender and size; processor time is twice, memory a hundred times
 * as much.
 */
export function figuresOf(seconds: Readonly<Record<string, Readonly<Record<number, readonly number[]>>>>): Figures {
  const samples = Object.entries(seconds).flatMap(([contender, sizes]) =>
    Object.entries(sizes).flatMap(([size, rounds]) =>
      rounds.flatMap((value, round) =>
        OPERATIONS.map((operation) => sample({ contender, size: Number(size), round, operation, seconds: value })),
      ),
    ),
  );
  return { samples, states: [], limits: [] };
}

export function sample(some: Partial<Sample> & Pick<Sample, "seconds">): Sample {
  const { seconds } = some;
  return {
    contender: "escrow-only",
    size: 3,
    round: 0,
    operation: "up",
    cpuSeconds: 2 * seconds,
    peakMiB: 100 * seconds,
    graphCalls: 0,
    refused: 0,
    ...some,
  };
}

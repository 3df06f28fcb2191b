import type { Clock } from "../../providers/domain/ports.ts";

export interface TestClock extends Clock {
  readonly slept: readonly number[];
  /** Lets time pass, or sets the clock back by a negative number. */
  advance(milliseconds: number): void;
}

/** Time that passes only by sleeping, at once, or by `advance`. */
export function testClock(start = "2026-11-20T12:00:00.000Z"): TestClock {
  let now = Date.parse(start);
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: async (milliseconds) => {
      slept.push(milliseconds);
      now += milliseconds;
    },
    advance: (milliseconds) => {
      now += milliseconds;
    },
  };
}

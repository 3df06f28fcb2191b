import type { Clock } from "../domain/ports.ts";
import type { RunClock } from "./job.ts";

/** Counts from the first send or wait of the run, over all its requests; `waitMs` is the configuration's `wait`. */
export function createRunClock(clock: Clock, waitMs: number): RunClock {
  let startedAt: number | null = null;
  return {
    start() {
      startedAt ??= clock.now();
    },
    timeLeft() {
      return startedAt === null ? waitMs : Math.max(0, startedAt + waitMs - clock.now());
    },
  };
}

import type { Clock } from "../domain/ports.ts";
import type { RunClock } from "./job.ts";

/**
 * Counts from the first send or wait of the run, over all its requests; `waitMs` is the
 * configuration's `wait`. A clock that is set back makes the run start over at most, never follow
 * for hours.
 */
export function createRunClock(clock: Clock, waitMs: number): RunClock {
  let startedAt: number | null = null;
  return {
    start() {
      startedAt ??= clock.now();
    },
    timeLeft() {
      if (startedAt === null) return waitMs;
      const now = clock.now();
      startedAt = Math.min(startedAt, now);
      return Math.max(0, startedAt + waitMs - now);
    },
  };
}

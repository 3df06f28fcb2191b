import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../domain/ports.ts";

/** The machine's own clock, which only composition roots may use. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => sleep(milliseconds),
};

/** Milliseconds on a clock that nobody sets; it stands still while the machine sleeps. */
export const systemMonotonic = (): number => performance.now();

/** ISO 8601, UTC. */
export function timestamp(clock: Pick<Clock, "now">): string {
  return new Date(clock.now()).toISOString();
}

import type { Ports } from "../domain/ports.ts";
import { isClockSure } from "../rules/clock-rule.ts";

/**
 * Our time in milliseconds, and whether it can be compared with what other machines wrote down.
 */
export interface OurTime {
  readonly now: number;
  readonly isClockSure: boolean;
}

/** Both at this instant; `now` where another one is meant. */
export function ourTime({ clock, graphClock }: Pick<Ports, "clock" | "graphClock">, now = clock.now()): OurTime {
  return { now, isClockSure: isClockSure(graphClock()) };
}

import type { ClockReading } from "../../domain/clock-reading.ts";
import type { Ports } from "../../domain/ports.ts";
import { graphTimeOf, isFromCache } from "./http-date.ts";

/** Graph's clock, as far as its answers tell. */
export interface GraphClock {
  /**
   * Takes the time from an answer, where it says one; `tookMs` from the request to the whole
   * answer.
   */
  readonly note: (headers: Pick<Headers, "get">, tookMs: number) => void;
  /** Both clocks now; null where no answer told Graph's time. */
  readonly read: () => ClockReading | null;
}

/**
 * Graph's clock goes on from its last answer by the clock that nobody sets: a machine whose own
 * clock is set meanwhile is wrong at once, and not only after the next answer. How old a cache is
 * depends on its own clock, so a cached answer tells no time.
 */
export function createGraphClock({ clock, monotonic }: Pick<Ports, "clock" | "monotonic">): GraphClock {
  let last: { readonly graphs: number; readonly at: number } | null = null;
  return {
    note: (headers, tookMs) => {
      const said = isFromCache(headers) ? null : graphTimeOf(headers);
      if (said === null) return;
      // It was said at some moment since the request: the one that is next to our clock counts.
      last = { graphs: Math.min(Math.max(clock.now(), said), said + tookMs), at: monotonic() };
    },
    read: () => (last === null ? null : { ours: clock.now(), graphs: last.graphs + monotonic() - last.at }),
  };
}

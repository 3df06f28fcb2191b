import type { Clock, Place } from "../../../domain/ports.ts";
import type { GraphLimits } from "../limits.ts";
import type { RateClass } from "./graph-call.ts";

/** Hands out places on the wire, first come first served. */
export interface RateLimiter {
  /** Returns when `weight` calls of the class may go. */
  readonly acquire: (rateClass: RateClass, weight: number) => Promise<Place>;
  /** Holds back the class: a server asked for it. */
  readonly pause: (rateClass: RateClass, milliseconds: number) => void;
  /** The server took one call of the class for too many: somebody else uses the same limit. */
  readonly refused: (rateClass: RateClass) => void;
}

/**
 * At most so many calls in any window, per class and over all. Places are booked ahead, so that
 * waiting callers keep their order. `clock` is one that nobody sets.
 */
export function createRateLimiter(clock: Clock, limits: GraphLimits): RateLimiter {
  const all = createWindow(limits.callsPerWindow, limits.rateWindow);
  const writes = createWindow(limits.writesPerWindow, limits.rateWindow);
  const windowOf = { read: all, write: writes } as const;
  const pausedUntil: Record<RateClass, number> = { read: 0, write: 0 };
  const pauses: Record<RateClass, number> = { read: 0, write: 0 };
  const waitUntil = async (instant: number) => {
    const delay = instant - clock.now();
    if (delay > 0) await clock.sleep(delay);
  };
  /** Another pause may come while the first is slept through. */
  const waitOutPauses = async (rateClass: RateClass) => {
    while (clock.now() < pausedUntil[rateClass]) await waitUntil(pausedUntil[rateClass]);
  };
  return {
    acquire: async (rateClass, weight) => {
      const asked = clock.now();
      await waitOutPauses(rateClass);
      // The narrow window first: a write that waits must not hold places that reads could use.
      const narrow = rateClass === "write" ? writes.book(clock.now(), weight) : null;
      if (narrow !== null) await waitUntil(narrow.instant);
      const wide = all.book(clock.now(), weight);
      await waitUntil(wide.instant);
      await waitOutPauses(rateClass);
      const giveBack = once(() => {
        narrow?.giveBack();
        wide.giveBack();
      });
      const before = pauses[rateClass];
      return { giveBack, isPaused: () => pauses[rateClass] !== before, waitedMs: clock.now() - asked };
    },
    pause: (rateClass, milliseconds) => {
      // "Retry-After: 0" says no more than none.
      if (milliseconds > 0) pauses[rateClass] += 1;
      const until = clock.now() + Math.min(milliseconds, limits.oneDelay);
      pausedUntil[rateClass] = Math.max(pausedUntil[rateClass], until);
    },
    refused: (rateClass) => windowOf[rateClass].refused(clock.now()),
  };
}

/** The same instant may be another call's too: given back twice, it would take that away. */
function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}

interface RateWindow {
  /** Takes `weight` places; they are there from `instant` on, which is not before `start`. */
  book(start: number, weight: number): { readonly instant: number; readonly giveBack: () => void };
  /** Places that are booked from now on are half as many, until nothing is refused for a while. */
  refused(now: number): void;
}

/** Windows after which half a rate has grown to a whole one again. */
const WINDOWS_TO_RECOVER = 5;

/**
 * Up to `ceiling` places in a window. A limit that others use too is found as TCP finds it: half
 * the rate after a refusal, and a little more after each window without one. Several refusals in
 * one window are one.
 */
function createWindow(ceiling: number, length: number): RateWindow {
  /** Instants of the last `ceiling` calls, oldest first. */
  let taken: number[] = [];
  let [learnt, learntAt] = [ceiling, Number.NEGATIVE_INFINITY];
  const rateAt = (now: number) => {
    const grown = Math.floor((now - learntAt) / length) * Math.ceil(ceiling / 2 / WINDOWS_TO_RECOVER);
    return Math.min(ceiling, learnt + grown);
  };
  return {
    refused: (now) => {
      if (now - learntAt >= length) [learnt, learntAt] = [Math.max(1, Math.floor(rateAt(now) / 2)), now];
    },
    book: (start, weight) => {
      const size = rateAt(start);
      const places = Math.min(weight, size);
      const leaving = taken[taken.length - size + places - 1];
      const instant = Math.max(start, taken.at(-1) ?? start, leaving === undefined ? start : leaving + length);
      taken = [...taken, ...Array.from({ length: places }, () => instant)].slice(-ceiling);
      const giveBack = () => {
        taken = without(taken, instant, places);
      };
      return { instant, giveBack };
    },
  };
}

/** Places that the window has forgotten already are free without this. */
function without(taken: readonly number[], instant: number, places: number): number[] {
  const first = taken.indexOf(instant);
  return first === -1 ? [...taken] : taken.toSpliced(first, Math.min(places, taken.lastIndexOf(instant) - first + 1));
}

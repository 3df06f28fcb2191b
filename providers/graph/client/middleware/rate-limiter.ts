import type { Clock, Place } from "../../../domain/ports.ts";
import { Turns } from "../../../support/turns.ts";
import type { GraphLimits } from "../limits.ts";
import { RateWindow, type Taken } from "./rate-window.ts";

/**
 * Rates are kept apart for what reads and what acts; `look` is the last read before an act, which
 * waits for no other read.
 */
export type RateClass = "read" | "look" | "write";

/** Hands out places on the wire, first come first served within a class. */
export interface RateLimiter {
  /** Returns when `weight` calls of the class may go, or could within `ahead` milliseconds. */
  readonly acquire: (rateClass: RateClass, weight: number, ahead?: number) => Promise<RatePlace>;
  /** Holds back the class: a server asked for it. */
  readonly pause: (rateClass: RateClass, milliseconds: number) => void;
  /** The server took one call of the class for too many: somebody else uses the same limit. */
  readonly refused: (rateClass: RateClass) => void;
}

/** Places of each write that no ordinary read may take: its own, and its last look's. */
const CALLS_OF_A_WRITE = 2;

/** After a write the next one is likely for so long: a request has several, and others follow. */
const NEXT_WRITE_WITHIN = 2_000;

/**
 * At most so many calls in any window, per class and over all. A window counts from when a call
 * went, not from when it was let go: between the two a device is looked at, and that takes its
 * time. While writes are sent, reads leave places for those that the limit still allows, and for
 * their last looks. `clock` is one that nobody sets.
 */
export function createRateLimiter(clock: Clock, limits: GraphLimits): RateLimiter {
  const all = new RateWindow(limits.callsPerWindow, limits.rateWindow);
  const writes = new RateWindow(limits.writesPerWindow, limits.rateWindow);
  const queues = { read: new Turns(), look: new Turns(), write: new Turns() } as const;
  let givenBack = Promise.withResolvers<void>();
  const onGivenBack = () => {
    givenBack.resolve();
    givenBack = Promise.withResolvers<void>();
  };
  const quiet = { read: { until: 0, count: 0 }, write: { until: 0, count: 0 } };
  const quietOf = (rateClass: RateClass) => quiet[rateClass === "write" ? "write" : "read"];
  let writesThatWait = 0;
  const keptOfReads = (now: number) =>
    writesThatWait > 0 || writes.isMoving(now, NEXT_WRITE_WITHIN) ? CALLS_OF_A_WRITE * writes.mayGoWithin(limits.placeAhead, now) : 0;
  const untilFree = (rateClass: RateClass, weight: number, ahead: number) => {
    const now = clock.now();
    const kept = rateClass === "read" ? keptOfReads(now) : 0;
    const free = all.untilFree(weight, now, { kept, ahead });
    // What is kept is given up without a word: whoever waits for it looks again.
    const wide = kept > 0 ? Math.min(free, NEXT_WRITE_WITHIN) : free;
    const narrow = rateClass === "write" ? writes.untilFree(weight, now, { ahead }) : 0;
    return Math.max(quietOf(rateClass).until - now, wide, narrow);
  };
  return {
    acquire: (rateClass, weight, ahead = 0) => {
      const asked = clock.now();
      const own = rateClass === "write" ? 1 : 0;
      writesThatWait += own;
      const place = queues[rateClass].run(async () => {
        for (let wait = untilFree(rateClass, weight, ahead); wait > 0; wait = untilFree(rateClass, weight, ahead))
          await Promise.race([clock.sleep(wait), givenBack.promise]);
        const before = quietOf(rateClass).count;
        const windows = rateClass === "write" ? [all, writes] : [all];
        return new RatePlace({
          clock,
          windows,
          weight,
          isPaused: () => quietOf(rateClass).count !== before,
          onGivenBack,
          waitedMs: clock.now() - asked,
        });
      });
      return place.finally(() => {
        writesThatWait -= own;
      });
    },
    pause: (rateClass, milliseconds) => {
      const own = quietOf(rateClass);
      // "Retry-After: 0" says no more than none.
      if (milliseconds > 0) own.count += 1;
      own.until = Math.max(own.until, clock.now() + Math.min(milliseconds, limits.oneDelay));
    },
    refused: (rateClass) => (rateClass === "write" ? writes : all).refused(clock.now()),
  };
}

interface PlaceParts {
  readonly clock: Clock;
  readonly windows: readonly RateWindow[];
  readonly weight: number;
  readonly isPaused: () => boolean;
  /** Tells whoever waits for a place. */
  readonly onGivenBack: () => void;
  readonly waitedMs: number;
}

/** Places of one call in each window that counts it. */
export class RatePlace implements Place {
  readonly isPaused: () => boolean;
  readonly waitedMs: number;
  readonly #clock: Clock;
  readonly #weight: number;
  readonly #taken: readonly (readonly [RateWindow, Taken])[];
  readonly #onGivenBack: () => void;

  constructor({ clock, windows, weight, isPaused, onGivenBack, waitedMs }: PlaceParts) {
    this.#clock = clock;
    this.#weight = weight;
    this.#taken = windows.map((window) => [window, window.take(weight, clock.now())] as const);
    this.#onGivenBack = onGivenBack;
    this.isPaused = isPaused;
    this.waitedMs = waitedMs;
  }

  readonly giveBack = (): void => {
    for (const [window, taken] of this.#taken) window.giveBack(taken);
    this.#onGivenBack();
  };

  /** Returns when the call may go: at once, or for a place that was taken ahead a little later. */
  async mayGo(): Promise<void> {
    const until = () => Math.max(...this.#taken.map(([window]) => window.untilMayGo(this.#weight, this.#clock.now())));
    for (let wait = until(); wait > 0; wait = until()) await this.#clock.sleep(wait);
    this.goes();
  }

  /** The call goes now. */
  goes(): void {
    for (const [window, taken] of this.#taken) window.goes(taken, this.#clock.now());
  }
}

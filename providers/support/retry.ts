import type { Clock } from "../domain/ports.ts";

/**
 * Milliseconds to wait after so many tries that came to nothing, 1 after the first; null to give
 * up.
 */
export type Pauses = (tries: number) => number | null;

/** These pauses, and no further try after them. */
export function pausesOf(...milliseconds: readonly number[]): Pauses {
  return (tries) => milliseconds[tries - 1] ?? null;
}

/** So many tries in all; the pause after the first doubles with each. */
export function doublingFrom(milliseconds: number, tries: number): Pauses {
  return (made) => (made < tries ? milliseconds * 2 ** (made - 1) : null);
}

/** So many tries in all, with a pause of one length. */
export function every(milliseconds: number, tries: number): Pauses {
  return (made) => (made < tries ? milliseconds : null);
}

/** A pause of one length, until `waitMs` were waited in all. */
export function everyUntil(milliseconds: number, waitMs: number): Pauses {
  return (tries) => ((tries - 1) * milliseconds < waitMs ? milliseconds : null);
}

/** The same pauses, and none once `giveUpMs` have gone by since this was called. */
export function within(giveUpMs: number, clock: Pick<Clock, "now">, pauses: Pauses): Pauses {
  const startedAt = clock.now();
  return (tries) => (clock.now() - startedAt < giveUpMs ? pauses(tries) : null);
}

/** When the next try is made. */
export interface Pace {
  readonly pauses: Pauses;
  readonly clock: Pick<Clock, "sleep">;
  /** Told before each pause how many tries were made. */
  readonly onPause?: (tries: number) => void;
}

/** Looks until there is something to see; null where the pauses came to their end before. */
export async function poll<T>(look: () => T | null | Promise<T | null>, { pauses, clock, onPause }: Pace): Promise<T | null> {
  for (let tries = 1; ; tries += 1) {
    const seen = await look();
    if (seen !== null) return seen;
    const pause = pauses(tries);
    if (pause === null) return null;
    onPause?.(tries);
    await clock.sleep(pause);
  }
}

/**
 * Does what may be done twice again, as long as its error is one that passes. Throws the last
 * error. Graph's client has a policy of its own, by what Graph answers.
 */
export async function retry<T>(work: () => Promise<T>, isPassing: (error: unknown) => boolean, pace: Pace): Promise<T> {
  let last: unknown;
  const done = await poll(async () => {
    try {
      return { value: await work() };
    } catch (error) {
      if (!isPassing(error)) throw error;
      last = error;
      return null;
    }
  }, pace);
  if (done === null) throw last;
  return done.value;
}

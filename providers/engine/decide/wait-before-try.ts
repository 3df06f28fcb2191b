/** One try of an action that surely was not taken. */
export interface NotTakenTry {
  /** From 1. */
  readonly number: number;
  /** Milliseconds since the first try. */
  readonly elapsed: number;
  /** Milliseconds that Graph asks to wait; null where it does not say. */
  readonly afterMs: number | null;
}

/** Nothing is lost by giving up: the next run sends it. */
const MOST_TRIES = 6;

/** The first wait where Graph does not say how long; each later one is twice as long. */
const FIRST_WAIT_MS = 2_000;

/** Intune's windows are 20 s; a minute leaves room for a tenant that others fill. */
const LONGEST_WAIT_MS = 60_000;

/** A run that is throttled for longer should end and say so. */
const LONGEST_MS = 180_000;

/**
 * Milliseconds to wait before the action goes again in this run; null where it does not. The one
 * owner of tries of actions: below it a call is one request.
 */
export function waitBeforeTry({ number, elapsed, afterMs }: NotTakenTry): number | null {
  const wait = afterMs ?? FIRST_WAIT_MS * 2 ** (number - 1);
  if (number >= MOST_TRIES || wait > LONGEST_WAIT_MS || elapsed + wait > LONGEST_MS) return null;
  return wait;
}

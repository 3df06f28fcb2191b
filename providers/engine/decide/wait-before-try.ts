import { mayWaitOn, PATIENCE } from "../../support/patience.ts";

/** One try of an action that surely was not taken. */
export interface NotTakenTry {
  /** From 1. */
  readonly number: number;
  /** Milliseconds since the first try. */
  readonly elapsed: number;
  /** Milliseconds that Graph asks to wait; null where it does not say. */
  readonly afterMs: number | null;
}

/**
 * Milliseconds to wait before the action goes again in this run; null where it does not. The one
 * owner of tries of actions: below it a call is one request.
 */
export function waitBeforeTry({ number, elapsed, afterMs }: NotTakenTry): number | null {
  const wait = afterMs ?? PATIENCE.firstWait * 2 ** (number - 1);
  return mayWaitOn(number, elapsed, wait, PATIENCE) ? wait : null;
}

/** How long a run tries what Graph asks it to wait with; times in milliseconds. */
export interface Patience {
  /** Tries in all. */
  readonly tries: number;
  /** The first wait where Graph does not say how long; each later one is twice as long. */
  readonly firstWait: number;
  /**
   * A wait beyond it ends the tries: waiting less than what was asked would be refused again.
   */
  readonly longestWait: number;
  /** From the first try to the start of the last one. */
  readonly whole: number;
}

/** The same for reads, and for actions: nothing is lost by giving up, for the next run goes on. */
export const PATIENCE: Patience = {
  // Six tries wait three quarters of a minute on average: longer than two of Intune's windows.
  tries: 6,
  firstWait: 2_000,
  // Graph's throttling windows are 20 s; a minute leaves room for a tenant that others fill.
  longestWait: 60_000,
  // A run that is throttled for longer than this should end and say so, not hold a runner.
  whole: 180_000,
};

/**
 * Whether `wait` may still be waited after try `number` (from 1), `elapsed` after the first one.
 */
export function mayWaitOn(
  number: number,
  elapsed: number,
  wait: number,
  { tries, longestWait, whole }: Omit<Patience, "firstWait">,
): boolean {
  return number < tries && wait <= longestWait && elapsed + wait <= whole;
}

/** What both clocks said at one instant: milliseconds since the epoch. */
export interface ClockReading {
  readonly ours: number;
  /** As its last answer told, in whole seconds, and the time since. */
  readonly graphs: number;
}

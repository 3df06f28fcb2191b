/** What both clocks said at one instant: milliseconds since the epoch. */
export interface ClockReading {
  readonly ours: number;
  /** Of whole seconds. */
  readonly graphs: number;
}

/** How and where lines are shown. */
export interface Look {
  /** Columns of the terminal, or of a log. */
  readonly width: number;
  readonly color: boolean;
  /** Command that shows the whole: it stands where rows were folded. */
  readonly details: string;
}

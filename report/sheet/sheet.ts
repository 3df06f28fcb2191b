/** A column of a table for people. */
export interface Column {
  /** For programs, as Graph or we call it. */
  readonly key: string;
  readonly title: string;
  /**
   * `words`: a few words of ours, to choose from. `text`: somebody else's, which may mean harm.
   * `number` and `time` (`2026-11-20 12:00`, UTC) are sorted as such; empty where there is none.
   */
  readonly kind: "words" | "text" | "number" | "time";
}

/** One bar of a chart; `tone` tells how it is meant, never by colour alone. */
export interface Bar {
  readonly label: string;
  readonly count: number;
  readonly tone: "good" | "attention" | "neutral";
}

/** Bars of one question, whose counts are parts of one whole. */
export interface Chart {
  readonly title: string;
  readonly bars: readonly Bar[];
}

/** A report as every format for people renders it, whatever it is about. */
export interface Sheet {
  readonly title: string;
  /** Stack, ledger and Graph, in one line. */
  readonly where: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Lines that stand before the rows. */
  readonly totals: readonly string[];
  /** What a reader has to know to read it right. */
  readonly notes: readonly string[];
  readonly columns: readonly Column[];
  /** One cell a column. */
  readonly rows: readonly (readonly string[])[];
  readonly charts: readonly Chart[];
}

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
  /** A text of few values, to choose from as from words. */
  readonly isChoice?: true;
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
  /** Its labels are somebody else's, which may mean harm. */
  readonly isText?: true;
}

/** Something that happened: when, in ISO 8601, UTC, and in words that may be somebody else's. */
export interface Line {
  readonly time: string;
  readonly text: string;
}

/** What happened besides the rows, oldest first. */
export interface Lines {
  readonly title: string;
  readonly lines: readonly Line[];
}

/** A report as every format for people renders it, whatever it is about. */
export interface Sheet {
  readonly title: string;
  /** What one row is of. */
  readonly noun: "device" | "request";
  /** Stack, ledger and Graph, in one line. */
  readonly where: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Lines that stand before the rows; what somebody typed may be in them. */
  readonly totals: readonly string[];
  /** What a reader has to know to read it right. */
  readonly notes: readonly string[];
  readonly columns: readonly Column[];
  /** One cell a column. */
  readonly rows: readonly (readonly string[])[];
  readonly charts: readonly Chart[];
  /** Each with at least one line. */
  readonly lists: readonly Lines[];
  /** The story of each row, in the order of the rows; null for a report without any. */
  readonly details: readonly (readonly Line[])[] | null;
}

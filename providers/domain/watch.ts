/** What is watched, from a command down to one call. */
export type SpanName =
  | "command"
  | "survey"
  | "load"
  | "resolve"
  | "request"
  | "refresh"
  | "step"
  | "graph"
  | "place"
  | "ledgerRead"
  | "ledgerAppend"
  | "escrowPut";

/**
 * All that is ever told of a span. None of it is a secret, a body, a header or a text of Graph's or
 * of a person's: names of ours, ids, numbers and words of closed sets.
 */
export interface WatchedFacts {
  readonly command?: string;
  readonly stack?: string;
  /** The request's name in its file. */
  readonly request?: string;
  /** Id of the managed device. */
  readonly deviceId?: string;
  /** Index of the step in the plan, from 0. */
  readonly step?: number;
  readonly action?: string;
  readonly destroysData?: boolean;
  /** What was done for the step, in order: `place send finishStep`. */
  readonly acts?: string;
  readonly outcome?: string;
  readonly method?: string;
  /** Path below Graph's origin, with `{id}` for whatever is no word of the API. */
  readonly path?: string;
  readonly server?: string;
  /** How often it may reach Graph: `read`, `repeatable` or `once`. */
  readonly kind?: string;
  readonly status?: number;
  /** Of the last try. */
  readonly clientRequestId?: string;
  /** Of every try, where there were several. */
  readonly clientRequestIds?: readonly string[];
  readonly requestId?: string;
  readonly tries?: number;
  /** Answers 429 among them. */
  readonly throttled?: number;
  /** Milliseconds that it waited for its place under the rate limit. */
  readonly waitedMs?: number;
  /** Kind of the record. */
  readonly record?: string;
  /** Kind of the secret that was put. */
  readonly secret?: string;
  /** How many there were: records, requests. */
  readonly count?: number;
}

/** A span that has not ended. */
export interface OpenSpan {
  note(facts: WatchedFacts): void;
  /** Whatever begins in the work stands below this span. */
  within<T>(work: () => T): T;
  /** Once; `error` is the name of the class of what was thrown. */
  end(error?: string): void;
}

/** Sees what is done, for traces, metrics and logs; it changes nothing and never throws. */
export interface Watch {
  open(name: SpanName, facts: WatchedFacts): OpenSpan;
}

const UNSEEN: OpenSpan = { note: () => undefined, within: (work) => work(), end: () => undefined };

/** Where nobody asked for traces, metrics or a log. */
export const UNWATCHED: Watch = { open: () => UNSEEN };

/** Does work in a span of its own; what it throws is thrown on. */
export async function watched<T>(
  watch: Watch,
  [name, facts]: readonly [SpanName, WatchedFacts],
  work: (span: OpenSpan) => Promise<T>,
): Promise<T> {
  const span = watch.open(name, facts);
  try {
    const result = await span.within(() => work(span));
    span.end();
    return result;
  } catch (error) {
    span.end(error instanceof Error ? error.name : "Error");
    throw error;
  }
}

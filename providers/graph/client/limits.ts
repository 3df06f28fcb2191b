import { PATIENCE } from "../../support/patience.ts";

/**
 * Every number that bounds how this room talks to Graph. Milliseconds where nothing else is said.
 */
export interface GraphLimits {
  /** Times that one read, or one action that is safe to repeat, is tried. */
  readonly attempts: number;
  /** Times that a connection is tried before the address counts as not reachable. */
  readonly connectAttempts: number;
  /** First step of the exponential back-off; each further step doubles it. */
  readonly baseDelay: number;
  /** The same after a 429 that does not say how long to wait; at least half of it is waited. */
  readonly throttledDelay: number;
  /**
   * Longest single wait. A `Retry-After` beyond it ends the tries: waiting less would be refused
   * again.
   */
  readonly oneDelay: number;
  /** Longest time from the first try to the start of the last one. */
  readonly wholeTime: number;
  /** How long one read may take, its body included. */
  readonly readTimeout: number;
  /** How long one action may take. */
  readonly actionTimeout: number;
  /** Length of the window of the two rates below. */
  readonly rateWindow: number;
  readonly writesPerWindow: number;
  /**
   * How long before a place is free it may be taken: what comes between it and its call is done
   * meanwhile.
   */
  readonly placeAhead: number;
  /** Reads and writes together; each item of a `$batch` counts. */
  readonly callsPerWindow: number;
  /** Batches of one burst that are on the wire at once. */
  readonly parallelBatches: number;
  /** Pages that are read in search of many devices before each is asked for by `$filter`. */
  readonly searchPages: number;
  /** Pages of one list after which it is taken for endless. */
  readonly endlessPages: number;
}

/** Graph's own limit: https://learn.microsoft.com/graph/json-batching */
export const BATCH_SIZE = 20;

/** What runs against Graph keep to, with the reason of each number; times are in milliseconds. */
export const GRAPH_LIMITS: GraphLimits = {
  // Five waits of at most 0.5, 1, 2, 4 and 8 s outlast a restart of a front end, and no more: a
  // preview is waiting.
  attempts: PATIENCE.tries,
  // Nothing listens there, or the name is wrong: people should read so within seconds.
  connectAttempts: 3,
  baseDelay: 500,
  // A second at least, then two, four …
  throttledDelay: PATIENCE.firstWait,
  oneDelay: PATIENCE.longestWait,
  wholeTime: PATIENCE.whole,
  // A page of 1,000 devices, or a batch of 20 filters, takes Intune several seconds on a bad day.
  readTimeout: 60_000,
  // An action that times out is in doubt and stops its request: waiting longer is cheaper.
  actionTimeout: 100_000,
  // Per application and tenant: https://learn.microsoft.com/graph/throttling-limits (Intune). Graph
  // counts arrivals in 20 s, and what left in 20 s may arrive in less: we take a little longer.
  rateWindow: 20_300,
  writesPerWindow: 200,
  // A read, an intent and a look at the brake; the look may be five seconds old in the end.
  placeAhead: 1_000,
  callsPerWindow: 2_000,
  // Four batches are eighty look-ups under way; more only moves the wait to Graph's throttle.
  parallelBatches: 4,
  // 1,000 serial numbers take 50 batches; ten pages before them keep it within 60 requests, as long
  // as each is found.
  searchPages: 10,
  // A page has up to 1,000 devices, so this is a tenant of a million.
  endlessPages: 1_000,
};

/**
 * The rates of one of `shards` stacks that run at once: they are one application for Graph, and
 * share its limit in equal parts.
 */
export function ratesOfShard(
  { writesPerWindow, callsPerWindow }: GraphLimits,
  shards: number,
): Pick<GraphLimits, "writesPerWindow" | "callsPerWindow"> {
  const part = (rate: number) => Math.max(1, Math.floor(rate / shards));
  return { writesPerWindow: part(writesPerWindow), callsPerWindow: part(callsPerWindow) };
}

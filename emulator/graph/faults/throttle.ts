import type { GraphAnswer, GraphCall } from "../graph-call.ts";
import { gatewayError } from "./error-answer.ts";

/** How `Retry-After` says when to come back. Intune often leaves it out. */
type RetryAfterForm = "seconds" | "date" | "none";

/**
 * Limits per window, by default those of https://learn.microsoft.com/graph/throttling-limits for
 * Intune.
 */
export interface ThrottleOptions {
  /** POST, PATCH, PUT and DELETE per window; items of a `$batch` count one by one. Default 200. */
  readonly writes?: number;
  /** All calls per window. Default 2,000. */
  readonly calls?: number;
  /** Default 20,000. */
  readonly windowMs?: number;
  /** Default `none`. */
  readonly retryAfter?: RetryAfterForm;
}

/** Intune's limits per application and tenant, over a sliding window. */
export class Throttle {
  readonly #options: Required<ThrottleOptions>;
  readonly #writes: number[] = [];
  readonly #calls: number[] = [];

  constructor(options: ThrottleOptions) {
    this.#options = { writes: 200, calls: 2_000, windowMs: 20_000, retryAfter: "none", ...options };
  }

  /** The 429, or null when the call is within the limits and counted. */
  admit(call: GraphCall): GraphAnswer | null {
    const oldest = call.receivedAt - this.#options.windowMs;
    forget(this.#writes, oldest);
    forget(this.#calls, oldest);
    const isWrite = call.method !== "GET";
    if (this.#calls.length >= this.#options.calls) return this.#refuse(call, this.#calls);
    if (isWrite && this.#writes.length >= this.#options.writes) return this.#refuse(call, this.#writes);
    this.#calls.push(call.receivedAt);
    if (isWrite) this.#writes.push(call.receivedAt);
    return null;
  }

  #refuse(call: GraphCall, taken: readonly number[]): GraphAnswer {
    const free = (taken[0] ?? call.receivedAt) + this.#options.windowMs;
    const seconds = Math.max(1, Math.ceil((free - call.receivedAt) / 1000));
    const headers = retryAfterHeader(this.#options.retryAfter === "seconds" ? seconds : this.#options.retryAfter, call.receivedAt, seconds);
    return gatewayError(call, 429, "Too many requests", { headers });
  }
}

/** `date` is an HTTP date, `seconds` ahead of `now`. */
export function retryAfterHeader(form: number | "date" | "none", now: number, seconds: number): Readonly<Record<string, string>> {
  if (form === "none") return {};
  return { "Retry-After": form === "date" ? new Date(now + seconds * 1000).toUTCString() : String(form) };
}

function forget(times: number[], oldest: number): void {
  const keep = times.findIndex((time) => time > oldest);
  times.splice(0, keep === -1 ? times.length : keep);
}

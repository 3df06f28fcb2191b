import type { Context } from "@microsoft/microsoft-graph-client/lib/src/IContext.js";
import type { Place } from "../../../domain/ports.ts";
import type { Redacted } from "../../../domain/redacted.ts";
import type { Identity } from "../../../identity/access-token.ts";
import type { GraphAnswer } from "../answer.ts";
import type { CallMode } from "../retry-decision.ts";
import type { RateClass, RatePlace } from "./rate-limiter.ts";

/** One call before it is sent; every try of it is made from these facts. */
export interface GraphCallFacts {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly version: "v1.0" | "beta";
  /**
   * Below the version, with its query: `/deviceManagement/managedDevices?$select=id`. Encoded:
   * nothing is added or changed later.
   */
  readonly path: string;
  readonly mode: CallMode;
  readonly rateClass: RateClass;
  /** Calls that Graph counts for this one: the items of a batch. */
  readonly weight: number;
  /**
   * Its place under the rate limit, where that was taken before: for a call that is one request.
   */
  readonly place?: Place;
  /** Whose token; for reads the application's, else the person's. */
  readonly identity: Identity | "any";
  /** Stays the same over all tries; without it every try has a new one. */
  readonly clientRequestId: string | null;
  /** Asked right before each try of an action: a reason to stop, or null. */
  readonly holdBack?: () => Promise<string | null>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/**
 * One call on its way down and up the chain: what it is, and what the layers tell each other of it.
 */
export class GraphCall {
  readonly facts: GraphCallFacts;
  /** Set by retry after a 401, read by authentication. */
  renewToken = false;
  /** The token that was sent, so that no text that comes back can show it. */
  token: Redacted<string> | null = null;
  /** Its place under the rate limit in this try. */
  place: RatePlace | null = null;
  /** Set by retry: some try of this call may have been taken although no answer said so. */
  inDoubt = false;
  /**
   * What the last try was answered. The client's own `Response` knows no status of 600 or more,
   * nor below 200.
   */
  answer: GraphAnswer | null = null;
  /**
   * What stopped the call, as it was thrown: the client in between wraps every error in its own.
   */
  failure: unknown = null;
  /** `client-request-id` of each try that went to the wire, in order. */
  readonly sentIds: string[] = [];
  /** Answers 429 of them. */
  throttled = 0;
  /** Milliseconds that its tries waited for their places under the rate limit. */
  waitedMs = 0;

  constructor(facts: GraphCallFacts) {
    this.facts = facts;
  }
}

/**
 * Throws for a request that was not made by `createGraphClient`, which would pass by limits and
 * retries.
 */
export function callOf(context: Context): GraphCall {
  const call: unknown = context.middlewareControl?.getMiddlewareOptions(GraphCall);
  if (call instanceof GraphCall) return call;
  throw new Error("a request to Graph must carry its GraphCall");
}

/** `name` is in lower case, as the headers are kept; one that is there is replaced. */
export function setHeader(context: Context, name: string, value: string): void {
  context.options = { ...context.options, headers: { ...plainHeaders(context), [name]: value } };
}

/** The client always keeps headers as a mapping. */
export function plainHeaders(context: Context): Record<string, string> {
  const headers = new Headers(context.options?.headers);
  return Object.fromEntries(headers.entries());
}

/** Throws where no layer set an answer, which is a mistake of ours. */
export function answerOf({ answer }: GraphCall): GraphAnswer {
  if (answer !== null) return answer;
  throw new Error("the chain ended without an answer");
}

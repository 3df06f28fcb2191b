import { Client } from "@microsoft/microsoft-graph-client/lib/src/Client.js";
import type { GraphRequest } from "@microsoft/microsoft-graph-client/lib/src/GraphRequest.js";
import { ResponseType } from "@microsoft/microsoft-graph-client/lib/src/ResponseType.js";
import { GraphReadError, ProductError } from "../../domain/errors.ts";
import type { Clock, Place } from "../../domain/ports.ts";
import type { Redacted } from "../../domain/redacted.ts";
import { UNWATCHED, type Watch } from "../../domain/watch.ts";
import type { TokenSource } from "../../identity/access-token.ts";
import type { GraphEndpoint } from "../../support/cloud.ts";
import { dlrCommand } from "../../support/dlr-command.ts";
import { TransportFailure } from "../../support/transport-failure.ts";
import type { GraphAnswer } from "./answer.ts";
import { createGraphClock, type GraphClock } from "./graph-clock.ts";
import { graphTimeOf } from "./http-date.ts";
import type { GraphLimits } from "./limits.ts";
import { authenticationLayer } from "./middleware/authentication.ts";
import { clientRequestIdLayer } from "./middleware/client-request-id.ts";
import { clockLayer } from "./middleware/clock.ts";
import { answerOf, GraphCall, type GraphCallFacts } from "./middleware/graph-call.ts";
import { keepFailureLayer } from "./middleware/keep-failure.ts";
import { createRateLimiter, type RateLimiter } from "./middleware/rate-limiter.ts";
import { retryLayer } from "./middleware/retry.ts";
import { departureLayer, throttleLayer } from "./middleware/throttle.ts";
import { type DeadlineSignal, timeoutLayer } from "./middleware/timeout.ts";
import { wireLayer } from "./middleware/wire.ts";
import { retryAfter } from "./retry-after.ts";
import { watchCall, watchPlace } from "./watch-call.ts";
import type { Wire } from "./wire.ts";

/**
 * The client's dependencies; `random` gives 0 to 1, `onProgress` gets lines for people about long
 * waits.
 */
export interface GraphClientOptions {
  readonly endpoint: GraphEndpoint;
  readonly tokens: TokenSource;
  readonly clock: Clock;
  /** Milliseconds on a clock that nobody sets. */
  readonly monotonic: () => number;
  readonly random: () => number;
  readonly uuid: () => string;
  readonly wire: Wire;
  readonly limits: GraphLimits;
  readonly onProgress: (text: string) => void;
  readonly deadline?: DeadlineSignal;
  /** Sees each call. */
  readonly watch?: Watch;
}

/**
 * What became of one call. `inDoubt`: an earlier try of it may have been taken. `secrets`: what the
 * answer must not be seen to repeat.
 */
export type CallResult =
  | { readonly kind: "answer"; readonly answer: GraphAnswer; readonly inDoubt: boolean; readonly secrets: readonly Redacted<string>[] }
  | { readonly kind: "failure"; readonly failure: TransportFailure; readonly inDoubt: boolean }
  | { readonly kind: "stopped"; readonly error: ProductError; readonly inDoubt: boolean };

/** The answer to one GET, from a batch or alone. */
export interface ReadAnswer extends GraphAnswer {
  readonly secrets: readonly Redacted<string>[];
  /** What time it was for Graph; null where the answer does not say. */
  readonly graphTime: number | null;
}

type CallOutcome =
  | { readonly kind: "answer"; readonly answer: GraphAnswer; readonly inDoubt: boolean }
  | Exclude<CallResult, { readonly kind: "answer" }>;

/** The Graph client with our own chain of layers round one wire. */
export interface GraphClient {
  readonly limits: GraphLimits;
  call(facts: GraphCallFacts): Promise<CallResult>;
  /**
   * From now on no text of a server's shows it: a code that was read may come back in the error of
   * another call.
   */
  keepSecret(secret: Redacted<string>): void;
  /**
   * Like `call` for reads: whatever the status, an answer; throws `GraphReadError` or `SignInError`
   * when none came.
   */
  read(facts: GraphCallFacts): Promise<ReadAnswer>;
  /** Returns when an action may go: its place under the rate limit is taken. */
  takePlace(): Promise<Place>;
  /** Graph asked inside a batch to be left alone. */
  heedThrottle(headers: Headers): void;
  progress(text: string): void;
  /** Milliseconds since the epoch. */
  now(): number;
  readonly graphClock: GraphClock["read"];
}

/** One client per run: it holds the rate limit and the secrets that must not show in any error. */
export function createGraphClient(options: GraphClientOptions): GraphClient {
  const { clock, monotonic } = options;
  // A clock that is set back would keep places and pauses for as long.
  const limiter = createRateLimiter({ now: monotonic, sleep: (milliseconds) => clock.sleep(milliseconds) }, options.limits);
  const graphClock = createGraphClock(options);
  const client = Client.initWithMiddleware({
    baseUrl: options.endpoint.origin,
    middleware: layers(options, limiter, graphClock),
    fetchOptions: { headers: { accept: "application/json", "user-agent": "device-lifecycle" } },
  });
  const secrets = new Map<string, Redacted<string>>();
  const keepSecret = (secret: Redacted<string>) => void secrets.set(secret.reveal(), secret);
  const { watch = UNWATCHED } = options;
  const call = async (facts: GraphCallFacts) => {
    const own = new GraphCall(facts);
    const outcome = await watchCall(own, options.endpoint, watch, () => perform(client, own));
    if (own.token !== null) keepSecret(own.token);
    return outcome.kind === "answer" ? { ...outcome, secrets: [...secrets.values()] } : outcome;
  };
  return {
    limits: options.limits,
    call,
    keepSecret,
    read: async (facts) => readAnswer(await call(facts), options.endpoint),
    takePlace: () => watchPlace(watch, () => limiter.acquire("write", 1, options.limits.placeAhead)),
    heedThrottle: (headers) => {
      limiter.refused("read");
      limiter.pause("read", retryAfter(headers, clock.now()) || options.limits.throttledDelay);
    },
    progress: options.onProgress,
    now: () => clock.now(),
    graphClock: graphClock.read,
  };
}

/**
 * Top to bottom. Retry stands above everything that must happen anew for each try: a place under
 * the rate limit, an id of its own, a token that is still good, a deadline.
 */
function layers(options: GraphClientOptions, limiter: RateLimiter, graphClock: GraphClock) {
  return [
    keepFailureLayer(),
    retryLayer(options),
    throttleLayer(limiter, options.clock),
    clientRequestIdLayer(options.uuid),
    authenticationLayer(options.endpoint, options.tokens),
    timeoutLayer(options.limits, options.deadline),
    clockLayer(graphClock, options.monotonic),
    departureLayer(),
    wireLayer(options.wire),
  ];
}

async function perform(client: Client, call: GraphCall): Promise<CallOutcome> {
  const { facts } = call;
  const request = client
    .api(facts.path)
    .version(facts.version)
    .headers({ ...facts.headers })
    .middlewareOptions([call])
    .responseType(ResponseType.RAW);
  try {
    await send(request, facts);
    return { kind: "answer", answer: answerOf(call), inDoubt: call.inDoubt };
  } catch (error) {
    const failure = call.failure ?? error;
    if (failure instanceof TransportFailure) return { kind: "failure", failure, inDoubt: call.inDoubt };
    if (failure instanceof ProductError) return { kind: "stopped", error: failure, inDoubt: call.inDoubt };
    throw failure;
  }
}

function send(request: GraphRequest, facts: GraphCallFacts): Promise<unknown> {
  switch (facts.method) {
    case "GET":
      return request.get();
    case "POST":
      return request.post(facts.body ?? undefined);
    case "PATCH":
      return request.patch(facts.body);
    case "PUT":
      return request.put(facts.body);
    case "DELETE":
      return request.delete();
  }
}

function readAnswer(result: CallResult, endpoint: GraphEndpoint): ReadAnswer {
  if (result.kind === "stopped") throw result.error;
  if (result.kind === "answer") return { ...result.answer, secrets: result.secrets, graphTime: graphTimeOf(result.answer.headers) };
  const { failure } = result;
  throw new GraphReadError(`Graph at ${endpoint.origin} did not answer: ${failure.message}`, {
    cause: failure,
    hint: endpoint.isLoopback
      ? `is the emulator running there? ${dlrCommand("emulator", undefined)} starts one`
      : "see that this machine reaches the address, and that graphEndpoint and cloud are right",
    ...(failure.status === null ? {} : { status: failure.status }),
  });
}

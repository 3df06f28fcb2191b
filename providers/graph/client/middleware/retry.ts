import type { Context } from "@microsoft/microsoft-graph-client/lib/src/IContext.js";
import type { Middleware } from "@microsoft/microsoft-graph-client/lib/src/middleware/IMiddleware.js";
import type { Clock } from "../../../domain/ports.ts";
import { TransportFailure } from "../../../support/transport-failure.ts";
import type { GraphLimits } from "../limits.ts";
import { isForeignNotFound } from "../not-found.ts";
import { retryAfter } from "../retry-after.ts";
import { type Attempt, decideRetry, isOfTheWay } from "../retry-decision.ts";
import { answerOf, callOf, type GraphCall } from "./graph-call.ts";
import { layer, type Next } from "./layer.ts";

/** Time and chance, so that tests run without waiting. */
export interface RetryPorts {
  readonly clock: Clock;
  readonly limits: GraphLimits;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly onProgress: (text: string) => void;
}

/** A wait that people would wonder about is told to them. */
const WORTH_TELLING = 5_000;

/** The one place where anything is sent to Graph again. */
export function retryLayer(ports: RetryPorts): Middleware {
  return layer(async (context, next) => {
    const call = callOf(context);
    const { clock, limits, random } = ports;
    const start = clock.now();
    for (let number = 1; ; number += 1) {
      const failure = await attempt(context, next);
      noteDoubt(call, failure);
      const facts = { number, elapsed: clock.now() - start, renewed: call.renewToken, ...factsOf(call, failure, clock.now()) };
      const decision = decideRetry(facts, limits, random());
      if (decision.kind === "renew") call.renewToken = true;
      if (decision.kind === "wait") await wait(decision.milliseconds, ports);
      if (decision.kind === "stop" && failure !== null) throw failure;
      if (decision.kind === "stop") return;
    }
  });
}

async function attempt(context: Context, next: Next): Promise<TransportFailure | null> {
  callOf(context).answer = null;
  try {
    await next();
    return null;
  } catch (error) {
    if (error instanceof TransportFailure) return error;
    throw error;
  }
}

/** The head of an answer is enough to judge an action; a read needs its body. */
function factsOf(
  call: GraphCall,
  failure: TransportFailure | null,
  now: number,
): Pick<Attempt, "mode" | "status" | "unreachable" | "retryAfter"> {
  const { mode, method } = call.facts;
  if (failure !== null) {
    const unreachable = failure.kind === "notSent";
    return { mode, status: mode === "read" ? null : failure.status, unreachable, retryAfter: null };
  }
  const answer = answerOf(call);
  const isForeign = mode === "read" && method === "GET" && isForeignNotFound(answer);
  return { mode, status: isForeign ? null : answer.status, unreachable: false, retryAfter: retryAfter(answer.headers, now) };
}

/**
 * An action is in doubt from the first try on whose fate nothing is known; a later refusal does not
 * take that back.
 */
function noteDoubt(call: GraphCall, failure: TransportFailure | null): void {
  if (call.facts.mode === "read") return;
  const status = failure === null ? answerOf(call).status : failure.status;
  if (status === null ? failure?.kind !== "notSent" : isDoubtful(status)) call.inDoubt = true;
}

/**
 * Answers after which the action may still have been taken: server trouble, a redirect, what is
 * no status of an answer at all, and what a gateway says of its own way to Graph and not of the
 * call (408, 421, 425): it may have tried before.
 */
export function isDoubtful(status: number): boolean {
  return status < 200 || status >= 500 || isOfTheWay(status) || (status >= 300 && status < 400);
}

async function wait(milliseconds: number, { clock, onProgress }: RetryPorts): Promise<void> {
  if (milliseconds >= WORTH_TELLING) onProgress(`Graph is busy: trying again in ${Math.round(milliseconds / 1000)} s`);
  await clock.sleep(milliseconds);
}

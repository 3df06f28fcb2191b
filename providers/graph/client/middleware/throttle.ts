import type { Middleware } from "@microsoft/microsoft-graph-client/lib/src/middleware/IMiddleware.js";
import type { Clock } from "../../../domain/ports.ts";
import { TransportFailure } from "../../../support/transport-failure.ts";
import { retryAfter } from "../retry-after.ts";
import { answerOf, callOf } from "./graph-call.ts";
import { layer } from "./layer.ts";
import { type RateLimiter, RatePlace } from "./rate-limiter.ts";

/**
 * Keeps our own rate under Graph's, and the whole class quiet for as long as any of its answers
 * asks.
 */
export function throttleLayer(limiter: RateLimiter, clock: Clock): Middleware {
  return layer(async (context, next) => {
    const call = callOf(context);
    const { rateClass, weight } = call.facts;
    const { place: taken } = call.facts;
    const place = taken instanceof RatePlace ? taken : await limiter.acquire(rateClass, weight);
    if (place !== taken) call.waitedMs += place.waitedMs;
    await place.mayGo();
    call.place = place;
    await next().catch((error: unknown) => {
      // The wire throws nothing else: without a token, or held back, it was not reached.
      if (!(error instanceof TransportFailure)) place.giveBack();
      throw error;
    });
    const { status, headers } = answerOf(call);
    if (status >= 200 && status < 300) return;
    if (status === 429) {
      limiter.refused(rateClass);
      call.throttled += 1;
    }
    const pause = retryAfter(headers, clock.now());
    if (pause !== null) limiter.pause(rateClass, pause);
  });
}

/**
 * The last layer but the wire: Graph counts a call from when it comes there, and a token or the
 * brake may have taken time.
 */
export function departureLayer(): Middleware {
  return layer(async (context, next) => {
    callOf(context).place?.goes();
    await next();
  });
}

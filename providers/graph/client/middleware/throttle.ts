import type { Middleware } from "@microsoft/microsoft-graph-client/lib/src/middleware/IMiddleware.js";
import type { Clock } from "../../../domain/ports.ts";
import { retryAfter } from "../retry-after.ts";
import { answerOf, callOf } from "./graph-call.ts";
import { layer } from "./layer.ts";
import type { RateLimiter } from "./rate-limiter.ts";

/**
 * Keeps our own rate under Graph's, and the whole class quiet for as long as any of its answers
 * asks.
 */
export function throttleLayer(limiter: RateLimiter, clock: Clock): Middleware {
  return layer(async (context, next) => {
    const call = callOf(context);
    const { rateClass, weight, hasPlace } = call.facts;
    if (hasPlace !== true) await limiter.acquire(rateClass, weight);
    await next();
    const { status, headers } = answerOf(call);
    if (status >= 200 && status < 300) return;
    const pause = retryAfter(headers, clock.now());
    if (pause !== null) limiter.pause(rateClass, pause);
  });
}

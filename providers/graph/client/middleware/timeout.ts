import type { Middleware } from "@microsoft/microsoft-graph-client/lib/src/middleware/IMiddleware.js";
import type { GraphLimits } from "../limits.ts";
import { callOf } from "./graph-call.ts";
import { layer } from "./layer.ts";

/** A signal that aborts with a `TimeoutError` after so many milliseconds. */
export type DeadlineSignal = (milliseconds: number) => AbortSignal;

/**
 * Each try has its own deadline; it covers the body as well, since the layer below reads it whole.
 */
export function timeoutLayer(
  limits: GraphLimits,
  deadline: DeadlineSignal = (milliseconds) => AbortSignal.timeout(milliseconds),
): Middleware {
  return layer((context, next) => {
    const { mode } = callOf(context).facts;
    context.options = { ...context.options, signal: deadline(mode === "read" ? limits.readTimeout : limits.actionTimeout) };
    return next();
  });
}

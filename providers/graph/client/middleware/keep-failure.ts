import type { Middleware } from "@microsoft/microsoft-graph-client/lib/src/middleware/IMiddleware.js";
import { callOf } from "./graph-call.ts";
import { layer } from "./layer.ts";

/**
 * Remembers what was thrown below: the client above turns every error into one of its own and
 * forgets class and cause.
 */
export function keepFailureLayer(): Middleware {
  return layer(async (context, next) => {
    try {
      await next();
    } catch (error) {
      callOf(context).failure = error;
      throw error;
    }
  });
}

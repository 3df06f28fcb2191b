import type { Middleware } from "@microsoft/microsoft-graph-client/lib/src/middleware/IMiddleware.js";
import type { GraphClock } from "../graph-clock.ts";
import { answerOf, callOf } from "./graph-call.ts";
import { layer } from "./layer.ts";

/** Reads Graph's clock off each answer, whatever its status: every try tells. */
export function clockLayer({ note }: Pick<GraphClock, "note">, monotonic: () => number): Middleware {
  return layer(async (context, next) => {
    const sent = monotonic();
    await next();
    note(answerOf(callOf(context)).headers, monotonic() - sent);
  });
}

import type { Middleware } from "@microsoft/microsoft-graph-client/lib/src/middleware/IMiddleware.js";
import { callOf, setHeader } from "./graph-call.ts";
import { layer } from "./layer.ts";

/**
 * Names every request on the wire: an action by the id that its intent holds in the ledger,
 * anything else by a new one.
 */
export function clientRequestIdLayer(uuid: () => string): Middleware {
  return layer((context, next) => {
    setHeader(context, "client-request-id", callOf(context).facts.clientRequestId ?? uuid());
    return next();
  });
}

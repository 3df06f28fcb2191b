import type { Context } from "@microsoft/microsoft-graph-client/lib/src/IContext.js";
import type { Middleware } from "@microsoft/microsoft-graph-client/lib/src/middleware/IMiddleware.js";

/**
 * Resolves once the layers below have set the answer of the call, and rejects with a transport
 * failure.
 */
export type Next = () => Promise<void>;

/**
 * One layer of the chain in the client's shape. `next` runs everything below it, and may run it
 * again.
 */
export function layer(execute: (context: Context, next: Next) => Promise<void>): Middleware {
  let below: Middleware | null = null;
  return {
    execute: (context) =>
      execute(context, () => below?.execute(context) ?? Promise.reject(new Error("the last layer has nothing below it"))),
    setNext: (next) => {
      below = next;
    },
  };
}

import type { Context } from "@microsoft/microsoft-graph-client/lib/src/IContext.js";
import type { Middleware } from "@microsoft/microsoft-graph-client/lib/src/middleware/IMiddleware.js";
import { isJsonObject } from "../../../support/is-json-object.ts";
import { TransportFailure } from "../../../support/transport-failure.ts";
import type { Wire, WireRequest } from "../wire.ts";
import { callOf, type GraphCall, plainHeaders } from "./graph-call.ts";
import { layer } from "./layer.ts";

/**
 * The last layer. Keeps an answer whose body was read whole; throws `TransportFailure` for
 * anything less.
 */
export function wireLayer(wire: Wire): Middleware {
  return layer(async (context) => {
    const call = callOf(context);
    const request = requestOf(context, call);
    call.sentIds.push(request.headers["client-request-id"] ?? "");
    const answer = await wire(request);
    const { status, headers, body } = answer;
    if (call.facts.mode === "read" && status >= 200 && status < 300 && !isJsonObject(body)) {
      const requestId = headers.get("request-id");
      throw new TransportFailure("body", "the answer is not the JSON that was asked for", { status, requestId });
    }
    call.answer = answer;
  });
}

function requestOf(context: Context, { facts }: GraphCall): WireRequest {
  const headers = plainHeaders(context);
  // The documentation of the actions asks for no body; the client would still name a type for it.
  if (facts.body === null) delete headers["content-type"];
  return {
    method: facts.method,
    url: String(context.request),
    headers,
    body: facts.body,
    signal: context.options?.signal ?? null,
    isAlone: facts.mode !== "read",
  };
}

import type { Context } from "@microsoft/microsoft-graph-client/lib/src/IContext.js";
import type { Middleware } from "@microsoft/microsoft-graph-client/lib/src/middleware/IMiddleware.js";
import { isJsonObject } from "../json-text.ts";
import { TransportFailure, transportFailure } from "../transport-failure.ts";
import { callOf, plainHeaders } from "./graph-call.ts";
import { layer } from "./layer.ts";

/** The wire. Gives back an answer whose body was read whole; throws `TransportFailure` for anything less. Follows no redirect. */
export function fetchLayer(send: typeof fetch, onRequest: () => void): Middleware {
  return layer(async (context) => {
    const call = callOf(context);
    onRequest();
    const answer = await sendOnce(send, context);
    const requestId = answer.headers.get("request-id");
    const text = await readBody(answer, requestId);
    if (call.facts.mode === "read" && answer.ok && !isJsonObject(text)) {
      throw new TransportFailure("body", "the answer is not the JSON that was asked for", { status: answer.status, requestId });
    }
    const { status, headers } = answer;
    context.response = new Response(isBodiless(status) ? null : text, { status, headers });
  });
}

async function sendOnce(send: typeof fetch, context: Context): Promise<Response> {
  const { method, body = null, signal = null } = context.options ?? {};
  const headers = plainHeaders(context);
  // The documentation of the actions asks for no body; the client would still name a type for it.
  if (body === null) delete headers["content-type"];
  try {
    return await send(context.request, { method: method ?? "GET", headers, body, signal, redirect: "manual" });
  } catch (error) {
    throw transportFailure(error);
  }
}

async function readBody(answer: Response, requestId: string | null): Promise<string> {
  try {
    return await answer.text();
  } catch (cause) {
    throw new TransportFailure("body", "the answer broke off", { cause, status: answer.status, requestId });
  }
}

function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

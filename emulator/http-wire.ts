import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { JsonValue } from "../providers/domain/json.ts";
import { type CallBody, clientRequestId, type GraphAnswer, type GraphCall, type Handled } from "./graph/graph-call.ts";
import type { Target } from "./graph/parse-target.ts";

/** Graph's own limit for a request body. */
const MAXIMUM_BODY = 4 * 1024 * 1024;

const JSON_TYPE = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

/** The body of a request, or null when it is larger than Graph takes. */
export async function readRequestBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const part = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    length += part.length;
    if (length > MAXIMUM_BODY) return null;
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}

/** `receivedAt` is in milliseconds since the epoch; a repeated header is joined with commas. */
export function toGraphCall(
  request: IncomingMessage,
  target: Extract<Target, { readonly kind: "graph" }>,
  body: Buffer,
  receivedAt: number,
): GraphCall {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = Array.isArray(value) ? value.join(", ") : (value ?? "");
  return {
    version: target.version,
    segments: target.segments,
    query: target.query,
    target: target.target,
    method: request.method ?? "GET",
    headers,
    body: toCallBody(body, headers["content-type"]),
    batched: false,
    requestId: randomUUID(),
    receivedAt,
  };
}

function toCallBody(body: Buffer, contentType: string | undefined): CallBody {
  if (body.length === 0) return { kind: "none" };
  if (contentType === undefined || !/^application\/json\b/i.test(contentType)) return { kind: "unreadable" };
  const value = parseJson(body.toString("utf8"));
  return value === undefined ? { kind: "unreadable" } : { kind: "json", value };
}

/** Undefined for what is not JSON. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Sends, cuts, resets or stays silent; resolves to true once a whole answer has left. */
export async function deliver(call: GraphCall, handled: Handled, response: ServerResponse): Promise<boolean> {
  const { answer, delivery } = handled;
  if (delivery === "never") return false;
  if (delivery === "reset") {
    response.socket?.resetAndDestroy();
    return false;
  }
  const { text, contentType } = renderBody(answer);
  response.writeHead(answer.status, {
    ...(contentType === null ? {} : { "Content-Type": contentType }),
    ...(answer.status === 204 ? {} : { "Content-Length": Buffer.byteLength(text) }),
    // By the emulator's clock: a Retry-After as a date counts from it.
    Date: new Date(call.receivedAt).toUTCString(),
    "Cache-Control": "no-cache",
    "request-id": call.requestId,
    "client-request-id": clientRequestId(call),
    ...answer.headers,
  });
  if (delivery === "cut") return cut(response, text);
  return new Promise((resolve) => {
    response.once("finish", () => resolve(true)).once("close", () => resolve(false));
    response.end(text);
  });
}

/**
 * Half of the body, then the connection is gone. An answer without a body loses its head instead.
 */
function cut(response: ServerResponse, text: string): Promise<boolean> {
  return new Promise((resolve) => {
    response.once("close", () => resolve(false));
    if (text === "") response.socket?.destroy();
    else response.write(text.slice(0, Math.ceil(text.length / 2)), () => response.socket?.destroy());
  });
}

function renderBody(answer: GraphAnswer): { readonly text: string; readonly contentType: string | null } {
  const { body } = answer;
  if (body.kind === "none") return { text: "", contentType: null };
  if (body.kind === "text") return { text: body.text, contentType: body.contentType };
  return { text: JSON.stringify(body.value), contentType: JSON_TYPE };
}

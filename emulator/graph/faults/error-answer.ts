import type { JsonObject } from "../../../providers/domain/json.ts";
import type { AnswerBody, GraphAnswer, GraphCall } from "../graph-call.ts";
import { clientRequestId } from "../graph-call.ts";

/** The shapes in which Graph and what stands in front of it answer errors. */
export const ERROR_SHAPES = ["graph", "intune", "odataV3", "oauth", "message", "emptyObject", "empty", "html", "malformed"] as const;

/**
 * Seen in the field, or made to be hard to read: `html` is a gateway's page, `malformed` is JSON
 * cut short.
 */
export type ErrorShape = (typeof ERROR_SHAPES)[number];

interface GraphErrorText {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const CODES: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "InvalidAuthenticationToken",
  403: "Forbidden",
  404: "ResourceNotFound",
  405: "MethodNotAllowed",
  409: "Conflict",
  411: "LengthRequired",
  412: "PreconditionFailed",
  413: "RequestEntityTooLarge",
  429: "TooManyRequests",
  500: "InternalServerError",
  502: "BadGateway",
  503: "ServiceUnavailable",
  504: "GatewayTimeout",
};

/** `UnknownError` for a status that the table does not have. */
export function errorCodeOf(status: number): string {
  return CODES[status] ?? "UnknownError";
}

const RENDERERS: Readonly<Record<ErrorShape, (error: GraphErrorText, call: GraphCall) => AnswerBody>> = {
  graph: (error, call) => json({ error: { code: error.code, message: error.message, innerError: innerError(call) } }),
  intune: (error, call) => json({ error: { code: error.code, message: intuneMessage(error, call), innerError: innerError(call) } }),
  odataV3: (error) => json({ "odata.error": { code: error.code, message: { lang: "en-US", value: error.message } } }),
  oauth: (error) => json({ error: error.code, error_description: error.message }),
  message: (error) => json({ Message: error.message }),
  emptyObject: () => json({}),
  empty: () => ({ kind: "none" }),
  html: (error) => ({
    kind: "text",
    contentType: "text/html",
    text: `<!DOCTYPE html><html><head><title>${error.status}</title></head><body><h1>Our services aren't available right now</h1><p>${error.message}</p></body></html>`,
  }),
  malformed: () => ({ kind: "text", contentType: "application/json", text: '{"error":{"code":"' }),
};

/** The same error in the shape asked for; `call` gives it its ids. */
export function errorBody(shape: ErrorShape, error: GraphErrorText, call: GraphCall): AnswerBody {
  return RENDERERS[shape](error, call);
}

/** An error as Graph's gateway answers it. */
export function gatewayError(
  call: GraphCall,
  status: number,
  message: string,
  options: { readonly code?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): GraphAnswer {
  const error = { status, code: options.code ?? errorCodeOf(status), message };
  return { status, headers: options.headers ?? {}, body: errorBody("graph", error, call) };
}

/** An error as the Intune service behind the gateway answers it: JSON inside the message. */
export function intuneError(call: GraphCall, status: number, message: string, options: { readonly code?: string } = {}): GraphAnswer {
  const error = { status, code: options.code ?? errorCodeOf(status), message };
  return { status, headers: {}, body: errorBody("intune", error, call) };
}

function json(value: JsonObject): AnswerBody {
  return { kind: "json", value };
}

function innerError(call: GraphCall): JsonObject {
  return {
    date: new Date(call.receivedAt).toISOString().slice(0, 19),
    "request-id": call.requestId,
    "client-request-id": clientRequestId(call),
  };
}

function intuneMessage(error: GraphErrorText, call: GraphCall): string {
  const text = `${error.message} - Operation ID (for customer support): 00000000-0000-0000-0000-000000000000 - Activity ID: ${clientRequestId(call)}`;
  const inner = { _version: 3, Message: text, CustomApiErrorPhrase: "", RetryAfter: null, ErrorSourceService: "", HttpHeaders: "{}" };
  return JSON.stringify(inner, null, 2).replaceAll("\n", "\r\n");
}

import type { JsonObject, JsonValue } from "../../providers/domain/json.ts";

/** The first segment of a path. */
export type GraphVersion = "v1.0" | "beta";

/** A body that cannot be read is kept as such: Graph answers it with a 400 of its own. */
export type CallBody =
  | { readonly kind: "none" }
  | { readonly kind: "json"; readonly value: JsonValue }
  /** Not JSON, or JSON without saying so in `Content-Type`. */
  | { readonly kind: "unreadable" };

/** One call of Graph: an HTTP request, or one item of a `$batch`. */
export interface GraphCall {
  readonly method: string;
  readonly version: GraphVersion;
  /** Path after the version, split at `/`, then decoded. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  /** Path and query as they were sent, version included. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: CallBody;
  readonly batched: boolean;
  readonly requestId: string;
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly receivedAt: number;
}

/** `text` is for what is no JSON, or is broken on purpose. */
export type AnswerBody =
  | { readonly kind: "none" }
  | { readonly kind: "json"; readonly value: JsonObject }
  | { readonly kind: "text"; readonly contentType: string; readonly text: string };

/** An answer before it goes on the wire, or into a `$batch`. */
export interface GraphAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AnswerBody;
}

/**
 * What the wire does with an answer: all of it, half of it, a connection reset instead, or nothing
 * at all.
 */
export type Delivery = "whole" | "cut" | "reset" | "never";

/** An answer, and how much of it arrives. */
export interface Handled {
  readonly answer: GraphAnswer;
  readonly delivery: Delivery;
}

/** `content-type` is set on the wire. */
export function jsonAnswer(status: number, value: JsonObject, headers: Readonly<Record<string, string>> = {}): GraphAnswer {
  return { status, headers, body: { kind: "json", value } };
}

/** 204, as Graph answers an action that it accepted. */
export function noContent(): GraphAnswer {
  return { status: 204, headers: {}, body: { kind: "none" } };
}

/**
 * The caller's own id of the call, echoed by Graph; the request's id where the caller gave none.
 */
export function clientRequestId(call: GraphCall): string {
  return call.headers["client-request-id"] ?? call.requestId;
}

import { isObject, parseJson } from "../../domain/json.ts";
import type { GraphAnswer } from "../client/answer.ts";

/**
 * Who seems to have said an answer of 400 to 499. `error`: Graph, in an error of its own. `bare`:
 * Graph, in nothing but the head of an answer; what followed was empty or was lost. `messenger`:
 * nobody can tell, such as the page of a proxy.
 */
export type Speaker = "error" | "bare" | "messenger";

/**
 * What it says of the call: it was looked at and refused, nobody looked at it, or it may have been
 * taken.
 */
export type Meaning = "refused" | "notSent" | "unknown";

type Row = Readonly<Record<Speaker, Meaning>>;

const always = (meaning: Meaning): Row => ({ error: meaning, bare: meaning, messenger: meaning });

/** A messenger may have sent the call twice, and tells only how the second one ended. */
const OTHERWISE: Row = { error: "refused", bare: "refused", messenger: "unknown" };

const TABLE: Readonly<Record<number, Row>> = {
  // Graph looks at the token before it looks at the call.
  401: { error: "notSent", bare: "notSent", messenger: "unknown" },
  // Only in so many words: what a messenger does not find is another thing.
  404: { error: "refused", bare: "unknown", messenger: "unknown" },
  // A proxy wants to be signed in to before it passes anything on.
  407: always("notSent"),
  // In conflict with, or locked by, what a first try has started.
  409: always("unknown"),
  423: always("unknown"),
  // Without a length, or too large, in its body, address or headers: nothing reads further. Our
  // calls are short; the token may not be.
  411: always("notSent"),
  413: always("notSent"),
  414: always("notSent"),
  431: always("notSent"),
  // Who asked went away, says a gateway that asked for us: the call went on.
  499: always("unknown"),
};

/**
 * What an answer of 400 to 499, but for those that are about the way to Graph, an approval, or too
 * many calls, says of the call of an action.
 */
export function meaningOf(status: number, speaker: Speaker): Meaning {
  return (TABLE[status] ?? OTHERWISE)[speaker];
}

/**
 * Told by body and headers, since a proxy or a gateway on the way answers with the same status
 * codes as Graph.
 */
export function speakerOf({ status, headers, body }: GraphAnswer): Speaker {
  if (isGraphsError(body)) return "error";
  if (status === 401 && isBearerChallenge(headers) && isNothing(body)) return "bare";
  return isNothing(body) ? speakerOfHead(headers.get("request-id")) : "messenger";
}

/**
 * Whose the head of an answer is, without its body: Graph's have a `request-id` each. Source:
 * https://learn.microsoft.com/graph/best-practices-concept#reliability-and-support
 */
export function speakerOfHead(requestId: string | null): Speaker {
  return requestId === null || requestId === "" ? "messenger" : "bare";
}

/**
 * Conditional access wants more of the sign-in, and looked at nothing else. Sources:
 * https://learn.microsoft.com/graph/errors,
 * https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export function isClaimsChallenge({ status, headers }: Pick<GraphAnswer, "status" | "headers">): boolean {
  return (status === 401 || status === 403) && /\binsufficient_claims\b/.test(headers.get("www-authenticate") ?? "");
}

function isBearerChallenge(headers: Headers): boolean {
  return /^bearer\b/i.test(headers.get("www-authenticate") ?? "");
}

/** An `error` with a code, as OData has it in all its versions. */
function isGraphsError(body: string): boolean {
  const json = parseJson(body);
  const error = isObject(json) ? (json.error ?? json["odata.error"]) : undefined;
  return isObject(error) && typeof error.code === "string";
}

/** Empty, or JSON that says nothing or is broken. */
function isNothing(body: string): boolean {
  const text = body.trim();
  if (text === "") return true;
  const json = parseJson(text);
  return json === undefined ? text.startsWith("{") : isObject(json) && Object.keys(json).length === 0;
}

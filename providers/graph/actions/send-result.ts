import { WHERE_APPROVED } from "../../domain/actions/approval-words.ts";
import { assertNever } from "../../domain/assert-never.ts";
import type { SendResult } from "../../domain/ports.ts";
import type { Redacted } from "../../domain/redacted.ts";
import { isJsonObject } from "../../support/is-json-object.ts";
import type { TransportFailure } from "../../support/transport-failure.ts";
import { describeAnswer, type GraphAnswer, requestIdOf } from "../client/answer.ts";
import { parseErrorBody } from "../client/error-body.ts";
import type { CallResult } from "../client/graph-client.ts";
import { isUnlicensed, UNLICENSED } from "../client/licence.ts";
import { isDoubtful } from "../client/middleware/retry.ts";
import { retryAfter } from "../client/retry-after.ts";
import { readApproval } from "./approval.ts";
import { isClaimsChallenge, meaningOf, type Speaker, speakerOf, speakerOfHead } from "./error-speaker.ts";

const IN_DOUBT = "an earlier try of the same call may have been taken";

const NOT_GRAPHS = "what answered was not Graph, or its answer was damaged on the way; it may have been taken";

/** A gateway that tried twice is told of the first try as a conflict. */
const MESSENGER = "what stands before Graph may have said so, after the call was taken";

const NEW_TOKEN = "get a new token, or sign in again";

const MORE_CLAIMS = "conditional access wants more of the sign-in: sign in again as its policies ask, or have the identity let through";

const ON_THE_WAY = "what stands before Graph did not pass it on: see that proxies and gateways let it through";

const OCCUPIED = `another administrator was asked for the same action on this device already, not by this request; that question has to be rejected, be used up or lapse first (${WHERE_APPROVED})`;

/** What a call of an action came to; `now` in milliseconds since the epoch. */
export function sendResult(result: CallResult, now: number): SendResult {
  switch (result.kind) {
    case "answer":
      return ofAnswer(result.answer, result.inDoubt, result.secrets, now);
    case "failure":
      return ofFailure(result.failure, result.inDoubt);
    case "stopped":
      // No token, or no lawful address: it ended before the wire.
      return result.inDoubt ? unknown(IN_DOUBT, null) : notSent(result.error.message);
  }
}

function ofAnswer(answer: GraphAnswer, inDoubt: boolean, secrets: readonly Redacted<string>[], now: number): SendResult {
  const requestId = requestIdOf(answer.headers, secrets);
  const { status } = answer;
  if (status >= 200 && status < 300) return isGraphs(answer.body) ? { kind: "accepted", requestId } : unknown(NOT_GRAPHS, requestId);
  const approval = readApproval(answer);
  if (approval.kind === "required") return { kind: "approvalRequired", approvalRequest: approval.request, requestId };
  const text = describeAnswer(answer, secrets);
  if (isDoubtful(status)) return unknown(`Graph answered ${text}`, requestId);
  if (inDoubt) return unknown(`${IN_DOUBT}; the last answer was ${text}`, requestId);
  if (status === 429)
    return {
      kind: "throttled",
      detail: `not sent: Graph answered ${text}`,
      requestId,
      again: { afterMs: retryAfter(answer.headers, now) || null },
    };
  if (approval.kind === "occupied") return notSent(`${OCCUPIED}: Graph answered ${text}`, requestId);
  if (approval.kind === "nameless")
    return {
      kind: "refused",
      status,
      detail: `${text}; it wants the approval of another administrator, and names no approval request`,
      requestId,
    };
  return ofRefusal(answer, text, requestId);
}

/** Whose refusal it is decides: Graph's own is final, a messenger's is none. */
function ofRefusal(answer: GraphAnswer, text: string, requestId: string | null): SendResult {
  const { status, body } = answer;
  if (isClaimsChallenge(answer)) return notSent(`Graph answered ${text}; ${MORE_CLAIMS}`, requestId);
  const detail = isUnlicensed(status, parseErrorBody(body)) ? `${UNLICENSED}: ${text}` : text;
  return ofMeaning(status, speakerOf(answer), detail, requestId);
}

function ofMeaning(status: number, speaker: Speaker, text: string, requestId: string | null): SendResult {
  const meaning = meaningOf(status, speaker);
  switch (meaning) {
    case "refused":
      return { kind: "refused", status, detail: text, requestId };
    case "notSent":
      return notSent(`Graph answered ${text}; ${status === 401 ? NEW_TOKEN : ON_THE_WAY}`, requestId);
    case "unknown":
      return unknown(`Graph answered ${text}; ${MESSENGER}`, requestId);
    default:
      return assertNever(meaning);
  }
}

/**
 * An action is answered with nothing, or with JSON: a page is a proxy's, and nobody can tell
 * whether Graph ever saw the call.
 */
function isGraphs(body: string): boolean {
  return body.trim() === "" || isJsonObject(body);
}

/** The head of an answer is one: only what it says in words is lost with the body. */
function ofFailure(failure: TransportFailure, inDoubt: boolean): SendResult {
  const { kind, status, requestId } = failure;
  if (status !== null && status >= 200 && status < 300) return { kind: "accepted", requestId };
  if (inDoubt || kind === "timeout" || kind === "network") return unknown(`${failure.message}; it may have been taken`, requestId);
  if (kind === "notSent") return notSent(failure.message);
  if (status === 429) return { kind: "throttled", detail: "not sent: Graph answered 429", requestId, again: { afterMs: null } };
  if (status === null || isDoubtful(status)) return unknown(failure.message, requestId);
  return ofMeaning(status, speakerOfHead(requestId), `${status}: ${failure.message}`, requestId);
}

function unknown(detail: string, requestId: string | null): SendResult {
  return { kind: "unknown", detail, requestId };
}

/** The same to the engine as being throttled: Graph did not take it, and it may be sent again. */
function notSent(why: string, requestId: string | null = null): SendResult {
  return { kind: "throttled", detail: `not sent: ${why}`, requestId };
}

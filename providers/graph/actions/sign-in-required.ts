import type { RemoteAction } from "../../domain/actions/action-table.ts";
import type { SendResult } from "../../domain/ports.ts";
import type { Redacted } from "../../domain/redacted.ts";
import { LOGIN } from "../../support/dlr-command.ts";
import { describeAnswer, type GraphAnswer, requestIdOf } from "../client/answer.ts";
import { parseErrorBody } from "../client/error-body.ts";
import type { CallResult } from "../client/graph-client.ts";
import { isUnlicensed } from "../client/licence.ts";
import { readApproval } from "./approval.ts";
import { isClaimsChallenge, speakerOf } from "./error-speaker.ts";

interface IdentityRefusal {
  readonly answer: GraphAnswer;
  readonly secrets: readonly Redacted<string>[];
}

/**
 * Graph did nothing because of who asked, and somebody else may ask. Only for actions that are safe
 * to repeat: a refusal is no 429, and what must not be done twice is not sent twice. Neither is it
 * one while an earlier try of the call may have been taken, nor where a messenger says it, or
 * conditional access.
 */
export function readIdentityRefusal(result: CallResult, action: RemoteAction): IdentityRefusal | null {
  if (!action.repeatable || result.kind !== "answer" || result.inDoubt || result.answer.status !== 403) return null;
  const { answer, secrets } = result;
  if (speakerOf(answer) === "messenger" || isClaimsChallenge(answer)) return null;
  if (readApproval(answer).kind !== "none" || isUnlicensed(answer.status, parseErrorBody(answer.body))) return null;
  return { answer, secrets };
}

/**
 * `to` completes "Graph refused it", such as `to the application`; `why` says why no other identity
 * was at hand.
 */
export function signInRequired(action: RemoteAction, { answer, secrets }: IdentityRefusal, to: string, why?: string): SendResult {
  const refusal = `Graph refused it ${to}: ${describeAnswer(answer, secrets)}`;
  return {
    kind: "signInRequired",
    permission: action.permission.delegated,
    signIn: LOGIN,
    detail: why === undefined ? refusal : `${refusal}; ${why}`,
    requestId: requestIdOf(answer.headers, secrets),
  };
}

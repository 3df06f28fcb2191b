import { APPROVAL_UNSEEN } from "../../domain/actions/approval-words.ts";
import { isObject } from "../../domain/json.ts";
import type { ApprovalState } from "../../domain/ports.ts";
import type { Redacted } from "../../domain/redacted.ts";
import { serverText } from "../../support/server-text.ts";
import type { GraphClient } from "../client/graph-client.ts";
import { get } from "../client/read-call.ts";
import { approvalsPath } from "../client/urls.ts";
import { isOk, parseBody } from "../devices/device-reads.ts";
import { isApprovalId } from "./approval.ts";

/**
 * States in which a request for approval ended without one, in words. Source:
 * https://learn.microsoft.com/graph/api/resources/intune-rbac-operationapprovalrequeststatus
 */
const ENDED: Readonly<Record<string, string>> = {
  rejected: "another administrator rejected it",
  completed: "the approval was used up already, and not by this request: look at the device",
  cancelled: "the request for approval was cancelled",
  expired: "the request for approval lapsed before anybody approved it",
};

/**
 * How an approval stands. Reading it needs a permission that acting does not need, so a refused
 * read is no error: the resubmission itself then tells.
 */
export async function readApprovalState(client: GraphClient, request: string): Promise<ApprovalState> {
  if (!isApprovalId(request)) return { kind: "unknown" };
  const answer = await client.read({ ...get(approvalsPath(request)), version: "beta" });
  if (isOk(answer)) return stateOf(parseBody(answer), request, answer.secrets);
  return answer.status === 403 ? { kind: "unknown", why: APPROVAL_UNSEEN } : { kind: "unknown" };
}

/**
 * Each entry is re-checked: Graph has answered filters that it does not support with everything.
 */
function stateOf(body: unknown, request: string, secrets: readonly Redacted<string>[]): ApprovalState {
  const entries = isObject(body) && Array.isArray(body.value) ? body.value.filter(isObject) : [];
  const own = entries.find((entry) => entry.requestId === request || entry.id === request);
  const status = typeof own?.status === "string" ? own.status : "";
  if (status === "needsApproval") return { kind: "waiting" };
  if (status === "approved") return { kind: "approved" };
  const ended = Object.hasOwn(ENDED, status) ? ENDED[status] : undefined;
  if (ended === undefined) return { kind: "unknown" };
  const words = typeof own?.approvalJustification === "string" ? serverText(own.approvalJustification, secrets) : "";
  return { kind: "refused", detail: words === "" ? ended : `${ended}: ${words}` };
}

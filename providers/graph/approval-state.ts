import { isObject } from "../domain/json.ts";
import type { ApprovalState } from "../domain/ports.ts";
import { isApprovalId } from "./approval.ts";
import { isOk, parseBody } from "./device-reads.ts";
import type { GraphClient } from "./graph-client.ts";
import { approvalsPath } from "./urls.ts";

/** What ended without approval, in words. Source: https://learn.microsoft.com/graph/api/resources/intune-rbac-operationapprovalrequeststatus */
const ENDED: Readonly<Record<string, string>> = {
  rejected: "another administrator rejected it",
  cancelled: "the request for approval was cancelled",
  expired: "the request for approval lapsed before anybody approved it",
};

/**
 * How an approval stands. Reading it needs a permission that acting does not need, so a refused read is no error: the resubmission
 * itself then tells.
 */
export async function readApprovalState(client: GraphClient, request: string): Promise<ApprovalState> {
  if (!isApprovalId(request)) return { kind: "unknown" };
  const answer = await client.read({
    ...{ method: "GET", version: "beta", path: approvalsPath(request), mode: "read", rateClass: "read", weight: 1 },
    ...{ identity: "any", clientRequestId: null, headers: {}, body: null },
  });
  return isOk(answer) ? stateOf(parseBody(answer), request) : { kind: "unknown" };
}

/** Each entry is re-checked: Graph has answered filters that it does not support with everything. */
function stateOf(body: unknown, request: string): ApprovalState {
  const entries = isObject(body) && Array.isArray(body.value) ? body.value.filter(isObject) : [];
  const own = entries.find((entry) => entry.requestId === request || entry.id === request);
  const status = typeof own?.status === "string" ? own.status : "";
  if (status === "needsApproval") return { kind: "waiting" };
  if (status === "approved") return { kind: "approved" };
  const ended = ENDED[status];
  if (ended === undefined) return { kind: "unknown" };
  const words = [own?.approvalJustification, own?.responseJustification].find((text) => typeof text === "string" && text !== "");
  return { kind: "refused", detail: words === undefined ? ended : `${ended}: ${String(words).slice(0, 300)}` };
}

import type { GraphAnswer } from "../client/answer.ts";
import { parseErrorBody } from "../client/error-body.ts";

/**
 * `nameless`: an approval is wanted, but the answer does not say of which request. `occupied`:
 * somebody else asked for one already, for the same action on the same device.
 */
export type Approval = { readonly kind: "none" | "nameless" | "occupied" } | { readonly kind: "required"; readonly request: string };

const CODE_HEADER = "x-msft-approval-code";
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
const LONGEST_JUSTIFICATION = 1024;

/** Graph refuses an empty justification. */
const NO_REASON = "No reason was given";

/**
 * Known by the header, or by `ApprovalRequired` as the error's code or in its message; tenants
 * answer 403, 409 or 412 for it. A 409 that speaks of approval in other words is about a question
 * that is open already.
 * Source:
 * https://learn.microsoft.com/intune/fundamentals/role-based-access-control/multi-admin-approval-graph-api
 */
export function readApproval(answer: GraphAnswer): Approval {
  const header = answer.headers.get(CODE_HEADER)?.trim() ?? "";
  if (isApprovalId(header)) return { kind: "required", request: header };
  const { code, message } = parseErrorBody(answer.body);
  const isRequired = header !== "" || /\bApprovalRequired\b/i.test(code) || /\bApprovalRequired\b/i.test(message);
  if (!isRequired) return { kind: answer.status === 409 && /\bapproval\b/i.test(`${code} ${message}`) ? "occupied" : "none" };
  const id = GUID.exec(message)?.[0];
  return id === undefined ? { kind: "nameless" } : { kind: "required", request: id };
}

/** What may go back to Graph in a header, and stand in the ledger. */
export function isApprovalId(text: string): boolean {
  return /^[\w.:-]{1,200}$/.test(text);
}

/**
 * Why, as the approving administrator reads it; on a resubmission the approval in its place. Both
 * at once are refused.
 * Source:
 * https://learn.microsoft.com/intune/fundamentals/role-based-access-control/multi-admin-approval-graph-api
 */
export function approvalHeaders(justification: string, approvalRequest: string | undefined): Readonly<Record<string, string>> {
  if (approvalRequest !== undefined) return { [CODE_HEADER]: approvalRequest };
  return { "x-msft-approval-justification": encodeJustification(justification) };
}

/**
 * Base64 of UTF-8, so nothing in it can break a header; cut between characters so that it stays
 * within Graph's 1,024.
 */
export function encodeJustification(text: string): string {
  const most = (LONGEST_JUSTIFICATION / 4) * 3;
  const bytes = Buffer.from(text.trim() === "" ? NO_REASON : text.toWellFormed(), "utf8");
  let end = Math.min(bytes.length, most);
  while (end > 0 && end < bytes.length && isContinuation(bytes[end])) end -= 1;
  return bytes.subarray(0, end).toString("base64");
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}

import { assertNever } from "../../../providers/domain/assert-never.ts";
import { gatewayError, intuneError } from "../faults/error-answer.ts";
import { type GraphAnswer, type GraphCall, jsonAnswer } from "../graph-call.ts";
import type { ApprovalBook, ApprovalCheck } from "./approvals.ts";

/** Multi Admin Approval as the tenant has it. */
export interface ApprovalOptions {
  /** Names of actions that need approval; those that the action table marks where absent. */
  readonly actions?: readonly string[];
  /**
   * The status of "approval is required": 403 by the documentation, 412 as seen in the field.
   * Default 403.
   */
  readonly status?: 403 | 412;
  /**
   * Where the code stands: the header `x-msft-approval-code` or the text of the error. Default
   * header.
   */
  readonly codeIn?: "header" | "message";
  /** After how long a request lapses. Default three days. */
  readonly lapseMs?: number;
}

const CODE_HEADER = "x-msft-approval-code";

/** Undefined where a header is absent: Graph tells that from an empty one. */
export function approvalHeaders(call: GraphCall) {
  return { justification: call.headers["x-msft-approval-justification"], code: call.headers[CODE_HEADER] };
}

/** The error for a call that may not proceed. */
export function approvalAnswer(call: GraphCall, check: Exclude<ApprovalCheck, { kind: "proceed" }>, options: ApprovalOptions): GraphAnswer {
  switch (check.kind) {
    case "required":
      return approvalRequired(call, check.id, options);
    case "active":
      return intuneError(call, 409, "An approval request for this operation is already active.");
    case "refused":
      return intuneError(call, 403, `The approval request is ${check.status}.`, { code: "ApprovalDenied" });
    case "justificationMissing":
      return intuneError(call, 400, "Header 'x-msft-approval-justification' is required to request approval");
    case "bothHeaders":
      return intuneError(call, 400, "The headers x-msft-approval-code and x-msft-approval-justification cannot be sent together.");
    case "justificationInvalid":
      return intuneError(call, 400, "The header x-msft-approval-justification must be base64 of at most 1024 characters.");
    case "codeUnknown":
      return intuneError(call, 400, "The header x-msft-approval-code names no approval request.");
    case "differs":
      return intuneError(call, 400, "The request differs from the one that was approved.");
    default:
      return assertNever(check);
  }
}

/** `$filter=requestId eq '…'` or everything; beta only. */
export function listApprovals(call: GraphCall, book: ApprovalBook): GraphAnswer {
  const filter = call.query.get("$filter");
  const wanted = filter === null ? null : /^\s*requestId eq '([^']*)'\s*$/.exec(filter)?.[1];
  if (wanted === undefined) return gatewayError(call, 400, "Invalid filter clause");
  return jsonAnswer(200, { value: book.views().filter((view) => wanted === null || view.requestId === wanted) });
}

/** 404 for an id that nobody asked an approval under. */
export function readApproval(call: GraphCall, id: string, book: ApprovalBook): GraphAnswer {
  const view = book.views().find((candidate) => candidate.id === id);
  return view === undefined ? intuneError(call, 404, "The requested approval request was not found.") : jsonAnswer(200, view);
}

function approvalRequired(call: GraphCall, id: string, options: ApprovalOptions): GraphAnswer {
  const inHeader = (options.codeIn ?? "header") === "header";
  const text = inHeader
    ? "ApprovalRequired: this operation requires approval from another administrator."
    : `ApprovalRequired: this operation requires approval from another administrator. Approval code: ${id}`;
  const answer = intuneError(call, options.status ?? 403, text, { code: "ApprovalRequired" });
  const headers = inHeader ? { [CODE_HEADER]: id } : {};
  return { ...answer, headers };
}

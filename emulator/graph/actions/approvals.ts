import { DAY_MS } from "../../../providers/domain/day.ts";
import { canonicalJson, type JsonObject } from "../../../providers/domain/json.ts";
import { guidFrom } from "../devices/derive.ts";
import type { ApprovalDecision } from "../devices/emulated-device.ts";
import { graphTime } from "../devices/timestamps.ts";

/** The words of Graph's `operationApprovalRequestStatus` that happen here. */
type ApprovalStatus = "needsApproval" | "approved" | "rejected" | "expired" | "completed";

/**
 * One question to another administrator. Source:
 * https://learn.microsoft.com/graph/api/resources/intune-rbac-operationapprovalrequest
 */
export interface ApprovalRequest {
  readonly id: string;
  readonly action: string;
  readonly deviceId: string;
  readonly status: ApprovalStatus;
  /** Plain text: decoded. */
  readonly justification: string;
}

/** The operation that needs approval: a resubmission must be the same in all of it. */
export interface ApprovableOperation {
  readonly action: string;
  readonly deviceId: string;
  readonly parameters: JsonObject;
}

/**
 * What Graph does with a call of an action that needs another administrator; only `proceed` sends
 * it.
 */
export type ApprovalCheck =
  | { readonly kind: "proceed" }
  /** A new question was asked, or an old one is not answered yet. */
  | { readonly kind: "required"; readonly id: string }
  | { readonly kind: "justificationMissing" | "justificationInvalid" | "bothHeaders" | "codeUnknown" | "differs" }
  | { readonly kind: "active"; readonly id: string }
  | { readonly kind: "refused"; readonly status: ApprovalStatus };

interface Entry {
  readonly id: string;
  readonly operation: ApprovableOperation;
  readonly justification: string;
  readonly requestedAt: number;
  readonly expiresAt: number;
  readonly automatic: { readonly decision: ApprovalDecision; readonly at: number } | null;
  status: ApprovalStatus;
  changedAt: number;
  answer: string | null;
}

/** `justification` asks for an approval, `code` names one that was given; never both. */
export interface ApprovalHeaders {
  readonly justification: string | undefined;
  readonly code: string | undefined;
}

const MAXIMUM_JUSTIFICATION = 1024;

const THREE_DAYS_MS = 3 * DAY_MS;

/** Multi Admin Approval: who asked for what, and what the other administrator said. */
export class ApprovalBook {
  readonly #entries: Entry[] = [];
  readonly #clock: () => number;
  readonly #lapseMs: number;

  constructor(options: { readonly clock: () => number; readonly lapseMs?: number }) {
    this.#clock = options.clock;
    this.#lapseMs = options.lapseMs ?? THREE_DAYS_MS;
  }

  /** Decides about one call; only `proceed` may be applied, and uses the approval up. */
  check(
    operation: ApprovableOperation,
    headers: ApprovalHeaders,
    automatic: { readonly decision: ApprovalDecision; readonly afterMs: number } | null,
  ): ApprovalCheck {
    if (headers.code !== undefined && headers.justification !== undefined) return { kind: "bothHeaders" };
    if (headers.code !== undefined) return this.#resubmission(operation, headers.code);
    if (headers.justification === undefined) return { kind: "justificationMissing" };
    const justification = decodeJustification(headers.justification);
    if (justification === null) return { kind: "justificationInvalid" };
    const active = this.#all().find((entry) => isOpen(entry) && isSameTarget(entry.operation, operation));
    if (active !== undefined) return { kind: "active", id: active.id };
    return { kind: "required", id: this.#ask(operation, justification, automatic).id };
  }

  list(): readonly ApprovalRequest[] {
    return this.#all().map(({ id, operation, status, justification }) => ({
      id,
      status,
      justification,
      action: operation.action,
      deviceId: operation.deviceId,
    }));
  }

  /** As beta `operationApprovalRequests` shows them. */
  views(): readonly JsonObject[] {
    return this.#all().map(renderEntry);
  }

  /** What the other administrator does; false when there is no such open question. */
  decide(id: string, decision: ApprovalDecision, answer = ""): boolean {
    const entry = this.#all().find((candidate) => candidate.id === id && candidate.status === "needsApproval");
    if (entry === undefined) return false;
    settle(entry, decision, this.#clock(), answer);
    return true;
  }

  #resubmission(operation: ApprovableOperation, code: string): ApprovalCheck {
    const entry = this.#all().find((candidate) => candidate.id === code);
    if (entry === undefined) return { kind: "codeUnknown" };
    if (!isSameOperation(entry.operation, operation)) return { kind: "differs" };
    if (entry.status === "needsApproval") return { kind: "required", id: entry.id };
    if (entry.status !== "approved") return { kind: "refused", status: entry.status };
    entry.status = "completed";
    entry.changedAt = this.#clock();
    return { kind: "proceed" };
  }

  #ask(
    operation: ApprovableOperation,
    justification: string,
    automatic: { readonly decision: ApprovalDecision; readonly afterMs: number } | null,
  ): Entry {
    const now = this.#clock();
    const entry: Entry = {
      id: guidFrom(`approval:${this.#entries.length}/${operation.deviceId}/${operation.action}`),
      operation,
      justification,
      requestedAt: now,
      changedAt: now,
      expiresAt: now + this.#lapseMs,
      automatic: automatic === null ? null : { decision: automatic.decision, at: now + automatic.afterMs },
      status: "needsApproval",
      answer: null,
    };
    this.#entries.push(entry);
    return entry;
  }

  #all(): readonly Entry[] {
    const now = this.#clock();
    for (const entry of this.#entries) {
      if (entry.status === "needsApproval" && entry.automatic !== null && now >= entry.automatic.at)
        settle(entry, entry.automatic.decision, entry.automatic.at, "");
      if (isOpen(entry) && now >= entry.expiresAt) settle(entry, "lapse", entry.expiresAt, "");
    }
    return this.#entries;
  }
}

const STATUS_AFTER: Readonly<Record<ApprovalDecision, ApprovalStatus>> = { approve: "approved", reject: "rejected", lapse: "expired" };

function settle(entry: Entry, decision: ApprovalDecision, at: number, answer: string): void {
  entry.status = STATUS_AFTER[decision];
  entry.changedAt = at;
  entry.answer = answer === "" ? null : answer;
}

/** Asked or granted, and not used up yet. */
function isOpen(entry: Entry): boolean {
  return entry.status === "needsApproval" || entry.status === "approved";
}

function isSameTarget(a: ApprovableOperation, b: ApprovableOperation): boolean {
  return a.action === b.action && a.deviceId === b.deviceId;
}

function isSameOperation(a: ApprovableOperation, b: ApprovableOperation): boolean {
  return isSameTarget(a, b) && canonicalJson(a.parameters) === canonicalJson(b.parameters);
}

/** Base64 of at most 1,024 characters of UTF-8 text; null for anything else. */
function decodeJustification(header: string): string | null {
  if (header.length > MAXIMUM_JUSTIFICATION || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(header))
    return null;
  const text = Buffer.from(header, "base64").toString("utf8");
  return text.trim() === "" || text.includes("\uFFFD") ? null : text;
}

function renderEntry(entry: Entry): JsonObject {
  const person = (id: string, displayName: string) => ({ application: null, device: null, user: { id: guidFrom(id), displayName } });
  return {
    id: entry.id,
    requestId: entry.id,
    requestDateTime: graphTime(entry.requestedAt),
    expirationDateTime: graphTime(entry.expiresAt),
    lastModifiedDateTime: graphTime(entry.changedAt),
    requestor: person("requestor", "Requestor"),
    approver: entry.answer === null && entry.status === "needsApproval" ? null : person("approver", "Another administrator"),
    status: entry.status,
    requestJustification: entry.justification,
    approvalJustification: entry.answer,
    operationApprovalPolicies: entry.operation.action,
  };
}

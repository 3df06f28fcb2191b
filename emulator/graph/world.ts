import type { ApprovalOptions } from "./actions/approval-answers.ts";
import type { ApprovalBook } from "./actions/approvals.ts";
import type { AuditBook } from "./audit/audit-book.ts";
import type { AuthorizationOptions } from "./authorization.ts";
import type { DeviceStore } from "./devices/device-store.ts";
import type { FaultBook } from "./faults/fault-book.ts";
import type { Throttle } from "./faults/throttle.ts";
import type { Journal } from "./journal.ts";
import type { PolicyBook } from "./policies/policy-book.ts";
import type { ReadOptions } from "./reads/device-reads.ts";

/** Everything that the handling of a call may look at or change. */
export interface World {
  readonly devices: DeviceStore;
  readonly faults: FaultBook;
  readonly journal: Journal;
  readonly audit: AuditBook;
  readonly policies: PolicyBook;
  readonly approvals: ApprovalBook;
  /** Null: no action needs another administrator. */
  readonly approvalOptions: ApprovalOptions | null;
  /** Null: nothing is throttled. */
  readonly throttle: Throttle | null;
  readonly authorization: AuthorizationOptions;
  readonly reads: ReadOptions;
  readonly checkInDelayMs: number;
  readonly latencyMs: number;
  readonly clock: () => number;
}

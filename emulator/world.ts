import type { ApprovalOptions } from "./approval-answers.ts";
import type { ApprovalBook } from "./approvals.ts";
import type { AuthorizationOptions } from "./authorization.ts";
import type { ReadOptions } from "./device-reads.ts";
import type { DeviceStore } from "./device-store.ts";
import type { FaultBook } from "./fault-book.ts";
import type { Journal } from "./journal.ts";
import type { Throttle } from "./throttle.ts";

/** Everything that the handling of a call may look at or change. */
export interface World {
  readonly devices: DeviceStore;
  readonly faults: FaultBook;
  readonly journal: Journal;
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

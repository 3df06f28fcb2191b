import type { JsonObject } from "../../providers/domain/json.ts";
import type { ApprovalRequest } from "./actions/approvals.ts";
import type { EmulatedActor } from "./audit/audit-book.ts";
import type { EmulatedDeviceState } from "./devices/device-report.ts";
import type { ApprovalDecision } from "./devices/emulated-device.ts";
import type { FaultHandle } from "./faults/fault-book.ts";
import type { FaultSpec } from "./faults/fault-spec.ts";
import type { EmulatorEvents, EmulatorListener, RecordedRequest } from "./journal.ts";
import type { PolicyBook } from "./policies/policy-book.ts";

/**
 * A double of Microsoft Graph's managed-device interface over real HTTP. It is never more forgiving
 * than Graph.
 */
export interface Emulator {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** Every call in order of arrival. The items of a `$batch` follow it, marked `batched`. */
  readonly requests: readonly RecordedRequest[];
  /** POSTs and DELETEs that ask a device for an action, whatever became of them. */
  readonly actionCalls: readonly RecordedRequest[];
  readonly approvals: readonly ApprovalRequest[];
  /** Policies, to be changed as somebody does in the portal, and what devices report of them. */
  readonly policies: PolicyBook;
  /** As it is now, also when it has left Intune; throws when no device or several are meant. */
  device(idOrSerial: string): EmulatedDeviceState;
  devices(): readonly EmulatedDeviceState[];
  setFault(spec: FaultSpec): FaultHandle;
  clearFaults(): void;
  /** Somebody else sends an action: an administrator in the portal, or whoever is named. */
  act(idOrSerial: string, action: string, parameters?: JsonObject, actor?: EmulatedActor): void;
  /** An event in the audit log in any form: `id` and `activityDateTime` are given where absent. */
  addAuditEvent(event: JsonObject): void;
  /** The device reports now: all that is under way ends. */
  checkIn(idOrSerial: string): void;
  /** The device makes a new bypass code. */
  rotateCode(idOrSerial: string): void;
  /** The device is set up again: new enrolment, new code, and a new id unless `keepId`. */
  reenrol(idOrSerial: string, options?: { readonly keepId?: boolean }): void;
  /** The device leaves Intune without having been told to. */
  remove(idOrSerial: string): void;
  /** What the other administrator says; throws when there is no such open request. */
  decideApproval(id: string, decision: ApprovalDecision, justification?: string): void;
  /**
   * Listeners are awaited: the call stands still until they are done. Returns the way to stop
   * listening.
   */
  on<K extends keyof EmulatorEvents>(event: K, listener: EmulatorListener<K>): () => void;
  /** Ends connections that are open, hanging ones too. Does nothing the second time. */
  close(): Promise<void>;
}

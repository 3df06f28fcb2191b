import type { DeviceActionResult } from "./managed-device.ts";
import type { PlannedDevice } from "./plan.ts";
import type { SecretKind } from "./secrets.ts";

/** Every record about a request. */
export interface OfRequest {
  /** `NAME#generation` */
  readonly key: string;
  /**
   * ISO 8601, UTC, by the clock of the machine that wrote it; never compared with Graph's times.
   */
  readonly at: string;
}

/** Every record about one step of a request. */
interface OfStep extends OfRequest {
  readonly step: number;
}

/** A result of the device as the ledger keeps it: without secrets. */
export type ResultSnapshot = Omit<DeviceActionResult, "secret">;

/**
 * An identical action was already under way on the device, started by somebody else: it became this
 * step's, and nothing was sent.
 */
export interface AdoptedRecord extends OfStep {
  readonly kind: "adopted";
  readonly action: string;
  readonly destroysData: boolean;
  readonly device: PlannedDevice;
  readonly result: ResultSnapshot;
  /** What Graph reported of this device besides: none of it is the adopted action's end. */
  readonly snapshot: readonly ResultSnapshot[];
  /** As of an intent. */
  readonly graphTime?: string;
}

/**
 * What tells that a request began an action on a device: by its own send or by one that it took
 * over.
 */
export type StartRecord = IntentRecord | AdoptedRecord;

/** Written before anything is sent. */
export interface IntentRecord extends OfStep {
  readonly kind: "intent";
  readonly attempt: number;
  readonly action: string;
  readonly destroysData: boolean;
  readonly device: PlannedDevice;
  readonly clientRequestId: string;
  /** What Graph reported of this device right before: what is new afterwards is this intent's. */
  readonly snapshot: readonly ResultSnapshot[];
  readonly managementState: string | null;
  /**
   * What time it was for Graph when it reported that: ISO 8601, UTC, of whole seconds, and compared
   * with Graph's times alone. Absent where its answer did not say, and in records of older
   * versions.
   */
  readonly graphTime?: string;
}

/**
 * What became of one call, written right after Graph's answer; an intent without one is in doubt.
 */
export interface ResultRecord extends OfStep {
  readonly kind: "result";
  readonly attempt: number;
  /**
   * `accepted`: Graph took it. `refused`: Graph did not, for good. `notSent`: Graph did not take it
   * and it may be sent again (429). `approvalRequired`: it waits for another administrator.
   * `signInRequired`: Graph refused it to this identity, and another may send it. `unknown`: nobody
   * can tell.
   */
  readonly result: "accepted" | "refused" | "notSent" | "approvalRequired" | "signInRequired" | "unknown";
  readonly requestId: string | null;
  readonly approvalRequest?: string;
  readonly detail: string;
  /** Event of Intune's audit log that showed it, where that ended a doubt. */
  readonly evidence?: string;
}

/** The end of a step: how the device's own report or our observation closed it. */
export interface FinishedRecord extends OfStep {
  readonly kind: "finished";
  /**
   * `superseded`: nobody saw it take effect before a later step erased the device or took it away;
   * older versions wrote `done`.
   */
  readonly status: "done" | "failed" | "superseded";
  readonly reason:
    | "Reported"
    | "ResultNotReported"
    | "Superseded"
    | "SecretNotReported"
    | "RemovedFromManagement"
    | "Adopted"
    | "Escrowed"
    | "AlreadyEscrowed"
    | "NoBypassCode"
    | "NotApplicable"
    | "DeviceGone"
    | "Waited"
    | "Refused"
    | "ApprovalRefused"
    | "Settled";
  readonly detail: string;
}

/**
 * A secret went to escrow. The reference names it; the fingerprint is null for secrets of low
 * entropy.
 */
export interface EscrowedRecord extends OfStep {
  readonly kind: "escrowed";
  readonly secret: SecretKind;
  readonly reference: string;
  readonly fingerprint: string | null;
  readonly device: PlannedDevice;
}

/**
 * A person decided whether an ambiguous intent was taken; or, of an accepted one or an adopted
 * action that nothing was ever reported of, whether it took effect.
 */
export interface SettledRecord extends OfStep {
  readonly kind: "settled";
  /** 0 for an adopted action. */
  readonly attempt: number;
  readonly decision: "taken" | "not-taken";
  readonly who: string;
  readonly why: string;
}

import type { DeviceActionResult, DeviceFacts } from "./managed-device.ts";
import type { Condition, Outcome } from "./outcome.ts";
import type { Plan, PlannedDevice } from "./plan.ts";

/** A result of the device as the ledger keeps it: without secrets. */
export type ResultSnapshot = Omit<DeviceActionResult, "secret">;

interface OfRequest {
  /** `NAME#generation` */
  readonly key: string;
  /** ISO 8601, UTC, by the clock of the machine that wrote it; never compared with Graph's times. */
  readonly at: string;
}

interface OfStep extends OfRequest {
  readonly step: number;
}

/** Written before anything is done. The first one of a request carries its plan, which is frozen from then on. */
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
  readonly plan?: Plan;
}

export interface ResultRecord extends OfStep {
  readonly kind: "result";
  readonly attempt: number;
  /**
   * `accepted`: Graph took it. `refused`: Graph did not, for good. `notSent`: Graph did not take it and it may be sent again
   * (429). `approvalRequired`: it waits for another administrator. `unknown`: nobody can tell.
   */
  readonly result: "accepted" | "refused" | "notSent" | "approvalRequired" | "unknown";
  readonly requestId: string | null;
  readonly approvalRequest?: string;
  readonly detail: string;
}

/** The end of a step: how the device's own report or our observation closed it. */
export interface FinishedRecord extends OfStep {
  readonly kind: "finished";
  readonly status: "done" | "failed";
  readonly reason:
    | "Reported"
    | "ResultNotReported"
    | "RemovedFromManagement"
    | "Adopted"
    | "Escrowed"
    | "AlreadyEscrowed"
    | "NoBypassCode"
    | "Waited"
    | "Refused"
    | "TakenByObservation";
  readonly detail: string;
}

/** A secret went to escrow. The reference names it; the fingerprint is null for secrets of low entropy. */
export interface EscrowedRecord extends OfStep {
  readonly kind: "escrowed";
  readonly secret: SecretKind;
  readonly reference: string;
  readonly fingerprint: string | null;
  readonly device: PlannedDevice;
}

export type SecretKind = "activationLockBypassCode" | "passcode" | "unlockPin" | "macOsUnlockCode";

/** A person decided whether an ambiguous intent was taken. */
export interface SettledRecord extends OfStep {
  readonly kind: "settled";
  readonly attempt: number;
  readonly decision: "taken" | "not-taken";
  readonly who: string;
  readonly why: string;
}

/** How the request stood at the end of a run. The last one wins; a finished one spares the request its device and Graph. */
export interface OutcomeRecord extends OfRequest {
  readonly kind: "outcome";
  readonly outcome: Outcome;
  readonly device: DeviceFacts;
  readonly conditions: readonly Condition[];
}

export type RequestRecord = IntentRecord | ResultRecord | FinishedRecord | EscrowedRecord | SettledRecord | OutcomeRecord;

/** First line of every ledger. */
export interface CreatedRecord {
  readonly kind: "created";
  readonly version: 1;
  readonly at: string;
}

/** The brake: while the last one says `stop`, nothing is sent. */
export interface BrakeRecord {
  readonly kind: "brake";
  readonly state: "stop" | "resume";
  readonly who: string;
  readonly reason: string;
  readonly at: string;
}

export type LedgerRecord = CreatedRecord | BrakeRecord | RequestRecord;

/** The frozen plan of a request, or undefined before its first intent. */
export function frozenPlan(records: readonly RequestRecord[]): Plan | undefined {
  for (const record of records) if (record.kind === "intent" && record.plan !== undefined) return record.plan;
  return undefined;
}

export function lastOutcome(records: readonly RequestRecord[]): OutcomeRecord | undefined {
  return records.findLast((record) => record.kind === "outcome");
}

/** The newest reference to a bypass code that this request escrowed, or undefined. */
export function lastEscrowed(records: readonly RequestRecord[], secret: SecretKind): EscrowedRecord | undefined {
  return records.findLast((record) => record.kind === "escrowed" && record.secret === secret) as EscrowedRecord | undefined;
}

import type { Acknowledgement } from "./actions/action-table.ts";
import type { DeviceActionResult, DeviceFacts } from "./managed-device.ts";
import type { Condition, Outcome } from "./outcome.ts";
import type { Plan, PlannedDevice } from "./plan.ts";
import type { SecretKind } from "./secrets.ts";
import type { World } from "./world.ts";

/** A result of the device as the ledger keeps it: without secrets. */
export type ResultSnapshot = Omit<DeviceActionResult, "secret">;

interface OfRequest {
  /** `NAME#generation` */
  readonly key: string;
  /**
   * ISO 8601, UTC, by the clock of the machine that wrote it; never compared with Graph's times.
   */
  readonly at: string;
}

interface OfStep extends OfRequest {
  readonly step: number;
}

/**
 * The run that acted: from the variables of the CI service, or from git. Null where nothing tells;
 * never a token.
 */
export interface Provenance {
  /** Full hash of the commit; ends in `-dirty` where the files differed from it. */
  readonly commit: string | null;
  /** Address of the pull request. */
  readonly pullRequest: string | null;
  /** Names the CI run, such as `GitHub run 17, attempt 1, of contoso/devices`. */
  readonly ciRun: string | null;
  /** The person or account that started the run. */
  readonly who: string | null;
}

/**
 * Why a request was done, in the requester's words, and which run did it: what an auditor asks a
 * year later.
 */
export interface Why extends Provenance {
  readonly reason: string;
  readonly ticket: string | null;
  /** `file:line` of the request. */
  readonly source: string;
}

/** First record of every request: the plan is frozen from here on, whatever the files say later. */
export interface BegunRecord extends OfRequest {
  readonly kind: "begun";
  readonly plan: Plan;
  readonly device: DeviceFacts;
  /** Absent in ledgers of format 1. */
  readonly why?: Why;
}

/**
 * Reason or ticket of a begun request were edited: what is sent stays the same. Has no effect on
 * how the request stands.
 */
export interface EditedRecord extends OfRequest {
  readonly kind: "edited";
  readonly why: Why;
}

/**
 * The steps are done anew because the device drifted; only for requests whose every step is safe to
 * repeat. Older records stay, without effect.
 */
export interface RepeatedRecord extends OfRequest {
  readonly kind: "repeated";
  readonly reason: string;
}

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

/**
 * How the request stood at the end of a run. The last one wins; a finished one spares the request
 * its device and Graph.
 */
export interface OutcomeRecord extends OfRequest {
  readonly kind: "outcome";
  readonly outcome: Outcome;
  /** Why, in a word and in a sentence. */
  readonly reason: string;
  readonly message: string;
  readonly device: DeviceFacts;
  readonly conditions: readonly Condition[];
  /**
   * What an ambiguous step was judged by: what Graph told of the device then; null when Graph did
   * not know it. Kept for whoever settles it.
   */
  readonly seen?: { readonly results: readonly ResultSnapshot[]; readonly managementState: string | null } | null;
  /**
   * Names what the request asked for then: an ended request runs again only when it asks for
   * something else.
   */
  readonly edition: string;
}

/** What may change in a request after its plan is frozen. */
export interface RequestTerms {
  readonly expires: string | null;
  readonly ticket: string | null;
  readonly acknowledge: readonly Acknowledgement[];
}

/** A record about one request; `key` says which. */
export type RequestRecord =
  | BegunRecord
  | EditedRecord
  | RepeatedRecord
  | AdoptedRecord
  | IntentRecord
  | ResultRecord
  | FinishedRecord
  | EscrowedRecord
  | SettledRecord
  | OutcomeRecord;

/** First line of every ledger. */
export interface CreatedRecord {
  readonly kind: "created";
  /** 2 since `begun` says why, and `edited` and `world` exist; both can be read. */
  readonly version: 1 | 2;
  readonly at: string;
}

/** Last line of a part of a ledger that is kept in several: the chain goes on in the next. */
export interface ContinuedRecord {
  readonly kind: "continued";
  /** Name of the next part. */
  readonly in: string;
  readonly at: string;
}

/** A change of the brake: nothing is sent while there is a stop that no `resume` ended. */
export interface BrakeRecord {
  readonly kind: "brake";
  readonly state: "stop" | "resume";
  /** Id of the stop that this sets or ends. A `resume` without one ends all before it. */
  readonly stop?: string;
  readonly who: string;
  readonly reason: string;
  readonly at: string;
}

/**
 * What keeps a run from harm, as texts by name, written whenever it differs from the last run's: a
 * run that changes its own safety net destroys, locks and escrows nothing.
 */
export interface SettingsRecord {
  readonly kind: "settings";
  readonly at: string;
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Whose devices the ledger is about. The first one counts; a later one adds the tenant, where
 * nobody could tell it before.
 */
export interface WorldRecord extends World {
  readonly kind: "world";
  readonly at: string;
}

/** What runs append. */
export type RunRecord = WorldRecord | SettingsRecord | RequestRecord;

/** One line of the ledger. A new kind raises the format's number: docs/compatibility.md. */
export type LedgerRecord = CreatedRecord | ContinuedRecord | BrakeRecord | RunRecord;

/** Every `kind` of record that this version can read. */
export const RECORD_KINDS = [
  "created",
  "continued",
  "brake",
  "settings",
  "world",
  "begun",
  "edited",
  "repeated",
  "adopted",
  "intent",
  "result",
  "finished",
  "escrowed",
  "settled",
  "outcome",
] as const satisfies readonly LedgerRecord["kind"][];

/** The safety settings that the last run had; undefined where none were recorded. */
export function lastSettings(records: readonly LedgerRecord[]): SettingsRecord | undefined {
  return records.findLast((record) => record.kind === "settings");
}

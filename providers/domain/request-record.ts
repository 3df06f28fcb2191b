import type { Acknowledgement } from "./actions/action-table.ts";
import type { DeviceFacts } from "./managed-device.ts";
import type { Condition, Outcome } from "./outcome.ts";
import type { Plan } from "./plan.ts";
import type {
  AdoptedRecord,
  EscrowedRecord,
  FinishedRecord,
  IntentRecord,
  OfRequest,
  ResultRecord,
  ResultSnapshot,
  SettledRecord,
} from "./step-record.ts";

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

import type { BegunRecord, OutcomeRecord, RequestRecord, Why } from "./request-record.ts";
import type { SecretKind } from "./secrets.ts";
import type { AdoptedRecord, EscrowedRecord, FinishedRecord, IntentRecord, ResultRecord, SettledRecord } from "./step-record.ts";

/** Everything that the ledger knows of one request, folded once from its records. */
export interface RequestHistory {
  /** All records, oldest first. */
  readonly records: readonly RequestRecord[];
  /** The records that count: those since the steps were last begun anew. */
  readonly inForce: readonly RequestRecord[];
  /** Null while nothing was done: the plan is not frozen yet. */
  readonly begun: BegunRecord | null;
  /** How each step stands, by its index; a step that is missing here is untouched. */
  readonly steps: ReadonlyMap<number, StepState>;
  /** What the last run said in the end, whatever was written since. */
  readonly lastOutcome: OutcomeRecord | null;
  /** The outcome that still holds: nothing that bears on it was written after it. */
  readonly standing: OutcomeRecord | null;
  /** The newest reference of each kind of secret. */
  readonly escrowed: Readonly<Partial<Record<SecretKind, EscrowedRecord>>>;
  /** The requester's words as they were last recorded; null in ledgers of format 1. */
  readonly why: Why | null;
}

/** Where one step stands by the ledger alone; each member holds only what is true then. */
export type StepState =
  | { readonly kind: "untouched" }
  | StepInDoubt
  | { readonly kind: "mayBeSentAgain"; readonly intent: IntentRecord; readonly why: string; readonly settled: SettledRecord | null }
  | { readonly kind: "signInRequired"; readonly intent: IntentRecord; readonly why: string }
  | StepWaiting
  | { readonly kind: "accepted"; readonly intent: IntentRecord; readonly settled: SettledRecord | null }
  | { readonly kind: "adopted"; readonly record: AdoptedRecord }
  /** A person said how an accepted call ended that the device never reported. */
  | { readonly kind: "judged"; readonly intent: IntentRecord; readonly record: SettledRecord }
  /** A person said that what was taken over never came to anything, or that it did. */
  | { readonly kind: "adoptedJudged"; readonly adopted: AdoptedRecord; readonly record: SettledRecord }
  | { readonly kind: "refused"; readonly intent: IntentRecord; readonly result: ResultRecord }
  | { readonly kind: "finished"; readonly record: FinishedRecord };

/** Another administrator is asked, or was. */
export interface StepWaiting {
  readonly kind: "approvalRequired";
  readonly intent: IntentRecord;
  readonly approvalRequest: string;
  /** Why the call that carried the approval was not taken; null where none has carried it yet. */
  readonly notTaken: string | null;
}

/** Nobody can tell whether Graph took the call. */
export interface StepInDoubt {
  readonly kind: "inDoubt";
  readonly intent: IntentRecord;
  readonly result: ResultRecord | null;
  /** The approval that the call carried: it still counts when Graph did not take the call. */
  readonly approvalRequest: string | null;
}

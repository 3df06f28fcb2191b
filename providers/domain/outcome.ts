/**
 * How a request stands. What each word means to `diff` and to the exit code is in providers/pulumi.
 */
export const OUTCOMES = ["succeeded", "pending", "awaitingApproval", "awaitingSignIn", "failed", "ambiguous", "expired"] as const;

/**
 * `succeeded`, `failed` and `expired` are the end of a request; the others go on with a later run.
 */
export type Outcome = (typeof OUTCOMES)[number];

/**
 * One fact with a time, in the shape that Kubernetes made common. `lastTransitionTime` is ISO 8601,
 * UTC.
 */
export interface Condition {
  readonly type: ConditionType;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}

/** Stable names: state, the ledger and the outputs of a stack hold them. */
export type ConditionType =
  | "Finished"
  | "BypassCodeEscrowed"
  | "ResultNotReported"
  | "SecretNotReported"
  | "Superseded"
  | "AdoptedFromElsewhere"
  | "RemovedFromManagement"
  | "Drifted";

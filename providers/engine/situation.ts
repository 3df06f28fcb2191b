import type { RemoteAction } from "../domain/action-table.ts";
import type { CloudName } from "../domain/cloud-name.ts";
import type { FinishedRecord, IntentRecord, RequestRecord, RequestTerms } from "../domain/ledger-record.ts";
import type { DeviceActionResult, ManagedDevice } from "../domain/managed-device.ts";
import type { Plan, PlanStep } from "../domain/plan.ts";
import type { ApprovalState } from "../domain/ports.ts";
import type { Verdict } from "./job.ts";

/** Everything that the next step depends on, as data. */
export interface Situation {
  readonly plan: Plan;
  readonly terms: RequestTerms;
  /** The records in force, oldest first. */
  readonly records: readonly RequestRecord[];
  /** The device as Graph tells it now; null when Graph does not know it. */
  readonly device: ManagedDevice | null;
  readonly cloud: CloudName;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly followOnly: boolean;
  readonly graceMs: number;
  /** The run may still wait for pending actions. */
  readonly mayWait: boolean;
  /** Steps that this run sent: none is sent twice in one run. */
  readonly sentNow: ReadonlySet<number>;
  /** How the approval that a step of an earlier run waits for stands; null where none is waited for. */
  readonly approval: ApprovalState | null;
  /** A secret that went along with a call can be had from escrow again. */
  readonly canResendSecrets: boolean;
  /** The bypass code was read in this run after its last send. */
  readonly codeIsFresh: boolean;
}

export type Decision =
  | { readonly kind: "finish"; readonly verdict: Verdict }
  | { readonly kind: "captureCode"; readonly step: PlanStep }
  | { readonly kind: "send"; readonly step: PlanStep; readonly action: RemoteAction; readonly approvalRequest?: string }
  | { readonly kind: "adopt"; readonly step: PlanStep; readonly result: DeviceActionResult }
  | { readonly kind: "resolveDoubt"; readonly intent: IntentRecord; readonly detail: string }
  | {
      readonly kind: "finishStep";
      readonly step: PlanStep;
      readonly status: FinishedRecord["status"];
      readonly reason: FinishedRecord["reason"];
      readonly detail: string;
      readonly result: DeviceActionResult | null;
    }
  | { readonly kind: "wait"; readonly atMostMs: number };

export function finish(outcome: Verdict["outcome"], reason: string, message: string): Decision {
  return { kind: "finish", verdict: { outcome, reason, message } };
}

export function done(step: PlanStep, reason: FinishedRecord["reason"], detail: string): Decision {
  return { kind: "finishStep", step, status: "done", reason, detail, result: null };
}

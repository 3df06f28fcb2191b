import type { RemoteAction } from "../../domain/actions/action-table.ts";
import { assertNever } from "../../domain/assert-never.ts";
import type { DeviceActionResult, ManagedDevice } from "../../domain/managed-device.ts";
import type { Look, SeenCode } from "../../domain/observation.ts";
import type { PlanStep } from "../../domain/plan.ts";
import type { FinishedRecord, IntentRecord } from "../../domain/step-record.ts";
import type { Answer, Finding, Rule } from "../../rules/rule.ts";
import type { Verdict } from "../job.ts";

/**
 * What is to be done next for one request. What acts on a device names the device that was checked.
 */
export type Decision =
  /** Nothing more in this run. `rule`: what stopped it, where a rule did. */
  | { readonly kind: "finish"; readonly verdict: Verdict; readonly rule: Rule | null }
  /**
   * These have to be looked at before anything can be decided; `step` is what they are looked at
   * for.
   */
  | { readonly kind: "look"; readonly at: readonly Look[]; readonly step: PlanStep | null }
  | { readonly kind: "escrow"; readonly step: PlanStep; readonly device: ManagedDevice; readonly code: SeenCode }
  | {
      readonly kind: "send";
      readonly step: PlanStep;
      readonly action: RemoteAction;
      readonly device: ManagedDevice;
      readonly approvalRequest?: string;
    }
  /**
   * A place under the rate limit is taken first, and the device looked at anew, before anything
   * else is decided.
   */
  | { readonly kind: "place"; readonly step: PlanStep }
  /** Nothing is sent: an identical action is under way on the device, started elsewhere. */
  | { readonly kind: "adopt"; readonly step: PlanStep; readonly device: ManagedDevice; readonly result: DeviceActionResult }
  | { readonly kind: "resolveDoubt"; readonly intent: IntentRecord; readonly detail: string }
  | StepEnd
  | WaitForReport
  | WaitForGone
  | WaitInDoubt;

/** The device is looked at again, until it reports. */
interface WaitForReport {
  readonly kind: "wait";
  readonly for: "report";
}

/** A device that Graph does not know is looked for again. */
interface WaitForGone {
  readonly kind: "wait";
  readonly for: "gone";
  readonly atMostMs: number;
}

/** The device is looked at again, for evidence of what became of a call. */
interface WaitInDoubt {
  readonly kind: "wait";
  readonly for: "doubt";
  readonly step: PlanStep;
  readonly atLeastMs: number;
  readonly atMostMs: number;
}

/**
 * Closes a step in the ledger; `result` is the device's own report, null where nothing was
 * reported.
 */
export interface StepEnd {
  readonly kind: "finishStep";
  readonly step: PlanStep;
  readonly status: FinishedRecord["status"];
  readonly reason: FinishedRecord["reason"];
  readonly detail: string;
  readonly result: DeviceActionResult | null;
}

/** Ends this run's work on the request for a reason that is no rule's. */
export function finish(outcome: Verdict["outcome"], reason: string, message: string): Decision {
  return { kind: "finish", verdict: { outcome, reason, message }, rule: null };
}

/**
 * Asks for looks before the next decision; `step` is the one that they are for, null before the
 * first.
 */
export function look(step: PlanStep | null, ...at: readonly Look[]): Decision {
  return { kind: "look", at, step };
}

/** Closes a step without a report of the device's, such as an escrow. */
export function done(step: PlanStep, reason: FinishedRecord["reason"], detail: string): StepEnd {
  return { kind: "finishStep", step, status: "done", reason, detail, result: null };
}

/** Closes a step for good: the request fails, and the steps after it are not sent. */
export function failedStep(step: PlanStep, reason: FinishedRecord["reason"], detail: string): StepEnd {
  return { kind: "finishStep", step, status: "failed", reason, detail, result: null };
}

/** Null where nothing stands against it. */
export function decisionOf(answer: Answer, step: PlanStep): Decision | null {
  switch (answer.kind) {
    case "fine":
      return null;
    case "look":
      return look(step, ...answer.at);
    case "against":
      return { kind: "finish", verdict: verdictOfRule(answer.rule, answer.findings), rule: answer.rule };
    default:
      return assertNever(answer);
  }
}

/** The outcome that a rule brings about in the engine. */
export function verdictOfRule({ outcome, reason }: Rule, findings: readonly Finding[]): Verdict {
  const [first] = findings;
  return { outcome, reason, message: first === undefined ? "" : `${first.message}; ${first.hint}` };
}

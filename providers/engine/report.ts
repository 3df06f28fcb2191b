import type { DeviceFacts } from "../domain/managed-device.ts";
import type { Condition, ConditionType } from "../domain/outcome.ts";
import type { Plan, PlanStep } from "../domain/plan.ts";
import type { RequestHistory, StepState } from "../domain/request-history.ts";
import type { OutcomeRecord, RequestRecord } from "../domain/request-record.ts";
import type { FinishedRecord, ResultRecord } from "../domain/step-record.ts";
import { stepOf } from "./history.ts";
import type { Report, StepReport, Verdict } from "./job.ts";

/**
 * Renders what the ledger knows of a request as its report. Times come from the records, so that
 * nothing changes without a cause.
 */
export function reportOf(plan: Plan, history: RequestHistory, verdict: Verdict, device: DeviceFacts): Report {
  const escrowed = history.escrowed.activationLockBypassCode;
  return {
    ...verdict,
    device,
    steps: stepReports(plan, history),
    bypassCode:
      escrowed === undefined ? null : { reference: escrowed.reference, fingerprint: escrowed.fingerprint, capturedAt: escrowed.at },
    conditions: conditionsOf(plan, history, verdict),
  };
}

/** How each step of a plan stands, in the plan's order. */
export function stepReports(plan: Plan, history: RequestHistory): StepReport[] {
  return plan.steps.map((step) => reportStep(step, history));
}

/** The facts of the device that the ledger last kept. */
export function rememberedDevice(plan: Plan, { lastOutcome, begun }: RequestHistory): DeviceFacts {
  const { id, serialNumber, enrolledDateTime } = plan.device;
  const unknown: DeviceFacts = {
    id,
    serialNumber,
    enrolledDateTime,
    deviceName: null,
    operatingSystem: null,
    osVersion: null,
    isSupervised: null,
    userPrincipalName: null,
  };
  return lastOutcome?.device ?? begun?.device ?? unknown;
}

function reportStep(step: PlanStep, history: RequestHistory): StepReport {
  const own = history.inForce.filter((record) => "step" in record && record.step === step.index);
  const intent = own.findLast((record) => record.kind === "intent");
  const results = own.filter((record): record is ResultRecord => record.kind === "result" && record.attempt === intent?.attempt);
  const finished = own.findLast((record) => record.kind === "finished");
  return {
    action: step.action,
    status: statusOf(stepOf(history, step)),
    sentAt: intent?.at ?? null,
    finishedAt: finished?.at ?? null,
    clientRequestId: intent?.clientRequestId ?? null,
    requestId: results.findLast((result) => result.requestId !== null)?.requestId ?? null,
    detail: [finished?.detail ?? results.at(-1)?.detail ?? "", ...secretReferences(own)].filter((text) => text !== "").join("; "),
  };
}

/**
 * Secrets other than the bypass code have no place of their own in the outputs: the step that made
 * them names the reference.
 */
function secretReferences(records: readonly RequestRecord[]): string[] {
  return records.flatMap((record) =>
    record.kind === "escrowed" && record.secret !== "activationLockBypassCode" ? [`${record.secret} escrowed as ${record.reference}`] : [],
  );
}

/** The word for a step in the outputs. */
export function statusOf(state: StepState): StepReport["status"] {
  switch (state.kind) {
    case "untouched":
    case "mayBeSentAgain":
    case "signInRequired":
      return "waiting";
    case "inDoubt":
      return "ambiguous";
    case "approvalRequired":
      return "awaitingApproval";
    case "accepted":
    case "judged":
      return "sent";
    case "adopted":
    case "adoptedJudged":
      return "adopted";
    case "refused":
      return "failed";
    case "finished":
      return state.record.status;
  }
}

function conditionsOf(plan: Plan, { inForce, escrowed: secrets }: RequestHistory, verdict: Verdict): Condition[] {
  const conditions: Condition[] = [];
  const outcome = inForce.findLast((record) => record.kind === "outcome");
  if (outcome !== undefined) conditions.push(finishedCondition(outcome, verdict));
  const escrowed = secrets.activationLockBypassCode;
  if (escrowed !== undefined && inForce.includes(escrowed))
    conditions.push(condition("BypassCodeEscrowed", "Escrowed", `read back and compared; ${escrowed.reference}`, escrowed.at));
  for (const record of inForce) {
    if (record.kind === "adopted") {
      const text = `${nameOf(plan, record.step)} was already under way, started elsewhere; nothing was sent`;
      conditions.push(condition("AdoptedFromElsewhere", "AlreadyUnderWay", text, record.at));
    }
    if (record.kind === "finished") conditions.push(...conditionOfStep(plan, record));
  }
  return conditions;
}

function finishedCondition(outcome: OutcomeRecord, verdict: Verdict): Condition {
  const finished = outcome.outcome === "succeeded" || outcome.outcome === "failed" || outcome.outcome === "expired";
  return {
    type: "Finished",
    status: finished ? "True" : "False",
    reason: verdict.reason,
    message: verdict.message,
    lastTransitionTime: outcome.at,
  };
}

function conditionOfStep(plan: Plan, record: FinishedRecord): Condition[] {
  switch (record.reason) {
    case "ResultNotReported":
    case "SecretNotReported":
    case "Superseded":
    case "RemovedFromManagement":
      return [condition(record.reason, nameOf(plan, record.step), record.detail, record.at)];
    default:
      return [];
  }
}

function condition(type: ConditionType, reason: string, message: string, at: string): Condition {
  return { type, status: "True", reason, message, lastTransitionTime: at };
}

function nameOf(plan: Plan, step: number): string {
  return plan.steps[step]?.action ?? `step ${step}`;
}

import { destroysData, ESCROW_STEP, findRemoteAction, isRepeatable, type RemoteAction, WAIT_STEP } from "../domain/action-table.ts";
import { assertNever } from "../domain/assert-never.ts";
import type { FinishedRecord, IntentRecord, RequestRecord, RequestTerms, SettledRecord } from "../domain/ledger-record.ts";
import { type DeviceActionResult, isSupervisedApple, type ManagedDevice } from "../domain/managed-device.ts";
import { describeStep, type Plan, type PlanStep } from "../domain/plan.ts";
import { expiryInstant } from "../domain/request.ts";
import { checkDevice } from "./check-device.ts";
import type { Verdict } from "./job.ts";
import { type ActionReport, type Before, newReport, underWay } from "./match-result.ts";
import { type StepState, stepState } from "./step-state.ts";

/** Everything that the next step depends on, as data. */
export interface Situation {
  readonly plan: Plan;
  readonly terms: RequestTerms;
  /** The records in force, oldest first. */
  readonly records: readonly RequestRecord[];
  /** The device as Graph tells it now; null when Graph does not know it. */
  readonly device: ManagedDevice | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly followOnly: boolean;
  readonly graceMs: number;
  /** The run may still wait for pending actions. */
  readonly mayWait: boolean;
  /** Steps that this run sent: none is sent twice in one run. */
  readonly sentNow: ReadonlySet<number>;
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

/**
 * What to do next for one request; pure. Steps go in the plan's order: a step starts when every earlier one is at least
 * accepted by Graph, and `waitFor` holds back what follows until the device has reported.
 */
export function decideNextStep(situation: Situation): Decision {
  const states = situation.plan.steps.map((step) => stepState(step, situation.records));
  const anotherEnrolment = checkEnrolment(situation, states);
  if (anotherEnrolment !== null) return anotherEnrolment;
  let allFinished = true;
  for (const step of situation.plan.steps) {
    const state = states[step.index] ?? { kind: "untouched" };
    if (state.kind === "finished" && state.record.status === "failed")
      return finish("failed", state.record.reason, `${step.action}: ${state.record.detail}`);
    if (state.kind === "finished") continue;
    const decision = decideStep(situation, step, state, allFinished, states);
    if (decision !== null) return decision;
    allFinished = false;
  }
  if (allFinished) return finish("succeeded", "Finished", "every step is done");
  return waitFor(situation, openSteps(situation.plan, states));
}

/** Null: nothing to do for this step now, the next one may start. */
function decideStep(
  situation: Situation,
  step: PlanStep,
  state: Exclude<StepState, { kind: "finished" }>,
  earlierFinished: boolean,
  states: readonly StepState[],
): Decision | null {
  switch (state.kind) {
    case "untouched":
      return startStep(situation, step, earlierFinished, states);
    case "mayBeSentAgain":
      if (situation.sentNow.has(step.index))
        return finish("pending", "NotTaken", `Graph did not take ${step.action}: ${state.why}; the next up sends it again`);
      return sendStep(situation, step, {});
    case "approvalRequired":
      if (situation.sentNow.has(step.index))
        return finish(
          "awaitingApproval",
          "ApprovalRequired",
          `${step.action} waits for another administrator to approve request ${state.approvalRequest}; then run up again`,
        );
      return sendStep(situation, step, { approvalRequest: state.approvalRequest });
    case "inDoubt":
      return settleDoubt(situation, step, state.intent);
    case "accepted":
      return followStep(situation, step, state.intent, states) ?? closeSettled(step, state.settled);
    case "adopted":
      return followStep(situation, step, { snapshot: [], managementState: null }, states);
    case "refused":
      return { kind: "finishStep", step, status: "failed", reason: "Refused", detail: state.result.detail, result: null };
    default:
      return assertNever(state);
  }
}

function startStep(situation: Situation, step: PlanStep, earlierFinished: boolean, states: readonly StepState[]): Decision | null {
  if (step.action === WAIT_STEP) {
    if (!earlierFinished) return waitFor(situation, openSteps(situation.plan, states));
    return { kind: "finishStep", step, status: "done", reason: "Waited", detail: "every earlier step is done", result: null };
  }
  if (situation.followOnly) return finish("pending", "FollowOnly", `followOnly is set: ${step.action} is not started`);
  if (step.action === ESCROW_STEP) return startEscrow(situation, step);
  return sendStep(situation, step, {});
}

function startEscrow(situation: Situation, step: PlanStep): Decision {
  const blocked = blockedBefore(situation, step);
  if (blocked !== null) return blocked;
  if (situation.device !== null && !isSupervisedApple(situation.device)) {
    return {
      kind: "finishStep",
      step,
      status: "done",
      reason: "NotApplicable",
      detail: "this device cannot have an Activation Lock bypass code",
      result: null,
    };
  }
  return { kind: "captureCode", step };
}

function sendStep(situation: Situation, step: PlanStep, resubmission: { approvalRequest?: string }): Decision {
  const action = findRemoteAction(step.action);
  if (action === undefined) return finish("failed", "UnknownStep", `this version of the product does not know the step ${step.action}`);
  const blocked = blockedBefore(situation, step);
  if (blocked !== null) return blocked;
  const device = situation.device;
  const running = device === null ? null : underWay(action, device);
  if (running !== null && isOurs(situation, step)) return waitFor(situation, step.action);
  if (running !== null) return { kind: "adopt", step, result: running };
  if (device !== null && action.destroysData && isSupervisedApple(device) && !situation.codeIsFresh) return { kind: "captureCode", step };
  return { kind: "send", step, action, ...resubmission };
}

/** An earlier step of this request is the same action and not finished yet: what is under way is not from elsewhere. */
function isOurs(situation: Situation, step: PlanStep): boolean {
  const isOpen = (earlier: PlanStep) => stepState(earlier, situation.records).kind !== "finished";
  return situation.plan.steps.some((earlier) => earlier.index < step.index && earlier.action === step.action && isOpen(earlier));
}

/** What keeps a step from being done at all, by the clock, the device or a rule. */
function blockedBefore(situation: Situation, step: PlanStep): Decision | null {
  const { terms, now, device, plan } = situation;
  const expiry = expiryInstant(terms.expires);
  if (expiry !== null && now >= expiry)
    return finish(
      "expired",
      "Expired",
      `expired at the end of ${terms.expires} (UTC), before ${step.action}; a later date in expires lets it go on`,
    );
  if (device === null)
    return finish("failed", "DeviceGone", `device ${plan.device.id} left Intune before ${step.action}; nothing was sent for this step`);
  const [violation] = checkDevice(plan, plan.steps.slice(step.index), terms.acknowledge, device);
  return violation === undefined ? null : finish("failed", violation.code, `${violation.message}; ${violation.hint}`);
}

/** The plan is for one enrolment: nothing that another enrolment of the same device reports or suffers is this request's. */
function checkEnrolment(situation: Situation, states: readonly StepState[]): Decision | null {
  const { device, plan } = situation;
  if (device === null || device.enrolledDateTime === plan.device.enrolledDateTime || states.every((state) => state.kind === "finished"))
    return null;
  const text = `the device was enrolled anew (${device.enrolledDateTime ?? "unknown"}, planned for ${plan.device.enrolledDateTime ?? "unknown"})`;
  const doubtful = situation.plan.steps.find((step) => states[step.index]?.kind === "inDoubt");
  if (doubtful !== undefined) return ambiguous(situation.plan, doubtful, `${text} while ${doubtful.action} was in doubt`);
  const open = openSteps(plan, states);
  const hint =
    open === "" ? "nothing more was sent" : `before ${open} was reported; an accepted action can outlive an enrolment, look at the device`;
  return finish("failed", "EnrolledAnew", `${text}; ${hint}`);
}

/** Evidence after the intent decides; without any, a person has to. Repeatable steps are simply sent again in the next run. */
function settleDoubt(situation: Situation, step: PlanStep, intent: IntentRecord): Decision {
  const action = findRemoteAction(step.action);
  if (action === undefined) return ambiguous(situation.plan, step, "this version of the product does not know the step");
  if (situation.device === null)
    return ambiguous(situation.plan, step, "the device left Intune, and nobody can tell whether this was the cause");
  const report = newReport(action, intent, situation.device);
  if (report !== null) return { kind: "resolveDoubt", intent, detail: `the device reports it as ${report.state}` };
  if (isRepeatable(step.action)) {
    if (!situation.sentNow.has(step.index)) return sendStep(situation, step, {});
    return finish(
      "pending",
      "NoAnswer",
      `nobody can tell whether Graph took ${step.action}; it is safe to repeat, and the next up sends it again`,
    );
  }
  const left = intentAge(intent, situation) < situation.graceMs ? situation.graceMs - intentAge(intent, situation) : 0;
  if (left > 0 && situation.mayWait) return { kind: "wait", atMostMs: left };
  return ambiguous(situation.plan, step, "there was no answer, and the device reports nothing new");
}

/** Never negative: another machine's clock may be ahead of ours. */
function intentAge(intent: IntentRecord, situation: Situation): number {
  return Math.max(0, situation.now - Date.parse(intent.at));
}

function followStep(situation: Situation, step: PlanStep, before: Before, states: readonly StepState[]): Decision | null {
  const action = findRemoteAction(step.action);
  if (action === undefined) return finish("failed", "UnknownStep", `this version of the product does not know the step ${step.action}`);
  if (action.result.kind === "none") return done(step, "ResultNotReported", "Graph took it and reports no result for this action");
  if (situation.device === null) return afterDeviceLeft(situation, step, action, states);
  const report = newReport(action, before, situation.device);
  if (report !== null) return closeByReport(step, report);
  if (laterStepRemovedDevice(situation.plan, step, states))
    return done(step, "ResultNotReported", "a later step took effect before the device reported this one");
  return null;
}

/** Where the device says nothing, the person who settled the doubt is the evidence. */
function closeSettled(step: PlanStep, settled: SettledRecord | null): Decision | null {
  return settled === null ? null : done(step, "Settled", `settled as taken by ${settled.who}: ${settled.why}`);
}

function closeByReport(step: PlanStep, { state, result }: ActionReport): Decision | null {
  switch (state) {
    case "done":
      return { kind: "finishStep", step, status: "done", reason: "Reported", detail: "the device reported it as done", result };
    case "failed":
    case "canceled":
    case "notSupported":
      return { kind: "finishStep", step, status: "failed", reason: "Reported", detail: `the device reported it as ${state}`, result };
    case "none":
    case "pending":
    case "active":
      return null;
    default:
      return assertNever(state);
  }
}

function afterDeviceLeft(situation: Situation, step: PlanStep, action: RemoteAction, states: readonly StepState[]): Decision {
  if (action.result.kind === "reported" && action.result.goneIsSuccess)
    return done(step, "RemovedFromManagement", "the device left Intune after Graph took it");
  const removed = situation.plan.steps.some((later) => later.index > step.index && removesDevice(later) && isTaken(states[later.index]));
  if (removed) return done(step, "ResultNotReported", "the device left Intune through a later step before it reported this one");
  return {
    kind: "finishStep",
    step,
    status: "failed",
    reason: "DeviceGone",
    detail: "the device left Intune before it reported a result",
    result: null,
  };
}

function laterStepRemovedDevice(plan: Plan, step: PlanStep, states: readonly StepState[]): boolean {
  return plan.steps.some((later) => {
    const state = states[later.index];
    return later.index > step.index && destroysData(later.action) && state?.kind === "finished" && state.record.status === "done";
  });
}

function removesDevice(step: PlanStep): boolean {
  const result = findRemoteAction(step.action)?.result;
  return result?.kind === "reported" && result.goneIsSuccess === true;
}

function isTaken(state: StepState | undefined): boolean {
  return state?.kind === "accepted" || state?.kind === "adopted" || (state?.kind === "finished" && state.record.status === "done");
}

function done(step: PlanStep, reason: FinishedRecord["reason"], detail: string): Decision {
  return { kind: "finishStep", step, status: "done", reason, detail, result: null };
}

function waitFor(situation: Situation, open: string): Decision {
  if (situation.mayWait) return { kind: "wait", atMostMs: Number.POSITIVE_INFINITY };
  return finish("pending", "Accepted", `Graph took ${open}, and the device has not reported yet; run up again to follow it`);
}

function openSteps(plan: Plan, states: readonly StepState[]): string {
  return plan.steps
    .filter((step) => ["accepted", "adopted"].includes(states[step.index]?.kind ?? ""))
    .map(describeStep)
    .join(", ");
}

function ambiguous(plan: Plan, step: PlanStep, why: string): Decision {
  const name = plan.key.slice(0, plan.key.lastIndexOf("#"));
  const message = `nobody can tell whether ${step.action} was taken: ${why}. Look at the device, then settle it: npm run settle -- ${name} --taken (or --not-taken)`;
  return finish("ambiguous", "InDoubt", message);
}

function finish(outcome: Verdict["outcome"], reason: string, message: string): Decision {
  return { kind: "finish", verdict: { outcome, reason, message } };
}

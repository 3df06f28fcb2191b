import { ESCROW_STEP, findRemoteAction, isRepeatable, type RemoteAction, WAIT_STEP } from "../domain/action-table.ts";
import { assertNever } from "../domain/assert-never.ts";
import type { IntentRecord, ResultSnapshot } from "../domain/ledger-record.ts";
import { isSupervisedApple } from "../domain/managed-device.ts";
import { describeStep, type Plan, type PlanStep } from "../domain/plan.ts";
import { expiryInstant, requestNameOf } from "../domain/request.ts";
import { checkDevice } from "./check-device.ts";
import { closeUnreported, followStep, judged } from "./follow-step.ts";
import { carriesGeneratedPin } from "./generated-secret.ts";
import { newReport, underWay } from "./match-result.ts";
import { type Decision, done, finish, type Situation } from "./situation.ts";
import { type StepState, stepState } from "./step-state.ts";

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
      return followApproval(situation, step, state.approvalRequest);
    case "signInRequired":
      if (situation.sentNow.has(step.index) || situation.followOnly)
        return finish("awaitingSignIn", "PermissionMissing", `${step.action} ${state.why}`);
      return sendStep(situation, step, {});
    case "inDoubt":
      return settleDoubt(situation, step, state.intent);
    case "accepted":
      return followStep(situation, step, { before: state.intent, settled: state.settled, at: state.intent.at }, states);
    case "adopted":
      return followStep(
        situation,
        step,
        { before: { snapshot: state.record.snapshot, managementState: null }, settled: null, at: state.record.at },
        states,
      );
    case "judged":
      return judged(step, state.record);
    case "adoptedJudged":
      if (state.record.decision === "taken") return judged(step, state.record);
      // Somebody else's action came to nothing: sending it ourselves is a start.
      return situation.followOnly ? notStarted(step) : sendStep(situation, step, { setAside: state.adopted.result });
    case "refused":
      return { kind: "finishStep", step, status: "failed", reason: "Refused", detail: state.result.detail, result: null };
    default:
      return assertNever(state);
  }
}

/** Only what was approved is sent again, the same in all of it; where nobody can tell, Graph itself decides about the resubmission. */
function followApproval(situation: Situation, step: PlanStep, approvalRequest: string): Decision {
  const { approval, device, sentNow } = situation;
  if (approval?.kind === "refused") {
    return { kind: "finishStep", step, status: "failed", reason: "ApprovalRefused", detail: approval.detail, result: null };
  }
  if (device !== null && carriesGeneratedPin(step.action, device) && !situation.canResendSecrets) {
    const detail = "it asked for approval, and the PIN that went with it is in escrow, where we cannot read it to send it again the same";
    return { kind: "finishStep", step, status: "failed", reason: "ApprovalRefused", detail, result: null };
  }
  if (!sentNow.has(step.index) && approval?.kind !== "waiting") return sendStep(situation, step, { approvalRequest });
  const message = `${step.action} waits for another administrator to approve request ${approvalRequest}; then run up again`;
  return finish("awaitingApproval", "ApprovalRequired", message);
}

function startStep(situation: Situation, step: PlanStep, earlierFinished: boolean, states: readonly StepState[]): Decision | null {
  if (step.action === WAIT_STEP) {
    if (!earlierFinished) return waitFor(situation, openSteps(situation.plan, states));
    return done(step, "Waited", "every earlier step is done");
  }
  if (situation.followOnly) return notStarted(step);
  if (step.action === ESCROW_STEP) return startEscrow(situation, step);
  return sendStep(situation, step, {});
}

function notStarted(step: PlanStep): Decision {
  return finish("pending", "FollowOnly", `followOnly is set: ${step.action} is not started`);
}

function startEscrow(situation: Situation, step: PlanStep): Decision {
  const blocked = blockedBefore(situation, step);
  if (blocked !== null) return blocked;
  if (situation.device !== null && !isSupervisedApple(situation.device))
    return done(step, "NotApplicable", "this device cannot have an Activation Lock bypass code");
  return { kind: "captureCode", step };
}

interface Sending {
  readonly approvalRequest?: string;
  /** Under way from elsewhere, and never coming to anything, as a person says. */
  readonly setAside?: ResultSnapshot;
}

function sendStep(situation: Situation, step: PlanStep, { setAside, ...resubmission }: Sending): Decision {
  const action = findRemoteAction(step.action);
  if (action === undefined) return finish("failed", "UnknownStep", `this version of the product does not know the step ${step.action}`);
  const blocked = blockedBefore(situation, step);
  if (blocked !== null) return blocked;
  const device = situation.device;
  const running = device === null ? null : underWay(action, device, setAside);
  if (running !== null && isOurs(situation, step)) return waitFor(situation, step.action);
  if (running !== null && isSame(action, step)) return { kind: "adopt", step, result: running };
  if (device !== null && action.destroysData && isSupervisedApple(device) && !situation.codeIsFresh) return { kind: "captureCode", step };
  return { kind: "send", step, action, ...resubmission };
}

/**
 * Whether what is under way under the action's name is what the step asks for. A report does not tell parameters: another name or message is not
 * ours. What destroys data is taken over all the same, for twice is worse than otherwise.
 */
function isSame(action: RemoteAction, step: PlanStep): boolean {
  return action.destroysData || Object.keys(step.parameters).length === 0;
}

/** An earlier step of this request is the same action and not finished yet: what is under way is not from elsewhere. */
function isOurs(situation: Situation, step: PlanStep): boolean {
  const isOpen = (earlier: PlanStep) => stepState(earlier, situation.records).kind !== "finished";
  return situation.plan.steps.some((earlier) => earlier.index < step.index && earlier.action === step.action && isOpen(earlier));
}

/** What keeps a step from being done at all, by the clock, the device or a rule. */
function blockedBefore(situation: Situation, step: PlanStep): Decision | null {
  const { terms, now, device, plan, cloud } = situation;
  const expiry = expiryInstant(terms.expires);
  if (expiry !== null && now >= expiry)
    return finish(
      "expired",
      "Expired",
      `expired at the end of ${terms.expires} (UTC), before ${step.action}; a later date in expires lets it go on`,
    );
  if (device === null)
    return finish("failed", "DeviceGone", `device ${plan.device.id} left Intune before ${step.action}; nothing was sent for this step`);
  const [violation] = checkDevice(plan, plan.steps.slice(step.index), terms.acknowledge, device, cloud);
  return violation === undefined ? null : finish("failed", violation.code, `${violation.message}; ${violation.hint}`);
}

/** The plan is for one enrolment: nothing that another enrolment of the same device reports or suffers is this request's. */
function checkEnrolment(situation: Situation, states: readonly StepState[]): Decision | null {
  const { device, plan } = situation;
  if (device === null || device.enrolledDateTime === plan.device.enrolledDateTime || states.every((state) => state.kind === "finished"))
    return null;
  const closed = closeUnreported(plan, states);
  if (closed !== null) return closed;
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
  // By a clock that was ahead of ours it would look fresh for ever.
  if (left > 0 && Date.parse(intent.at) <= situation.now)
    return finish("pending", "NoAnswer", `nobody can tell yet whether Graph took ${step.action}; the next up looks at the device again`);
  return ambiguous(situation.plan, step, "there was no answer, and the device reports nothing new");
}

/** Never negative: another machine's clock may be ahead of ours. */
function intentAge(intent: IntentRecord, situation: Situation): number {
  return Math.max(0, situation.now - Date.parse(intent.at));
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
  const name = requestNameOf(plan.key);
  const message = `nobody can tell whether ${step.action} was taken: ${why}. Look at the device, then settle it: npm run settle -- ${name} --taken (or --not-taken)`;
  return finish("ambiguous", "InDoubt", message);
}

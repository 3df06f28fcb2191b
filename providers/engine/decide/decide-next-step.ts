import { ESCROW_STEP, findRemoteAction, isRepeatable, WAIT_STEP } from "../../domain/actions/action-table.ts";
import { WHERE_APPROVED } from "../../domain/actions/approval-words.ts";
import { carriesGeneratedPin } from "../../domain/actions/generated-pin.ts";
import { secretMadeOn } from "../../domain/actions/result-secret.ts";
import { assertNever } from "../../domain/assert-never.ts";
import type { PlanStep } from "../../domain/plan.ts";
import { requestNameOf } from "../../domain/request.ts";
import type { StepInDoubt, StepState, StepWaiting } from "../../domain/request-history.ts";
import { whereNow } from "../../rules/enrolment-rules.ts";
import type { Answer } from "../../rules/rule.ts";
import { dlrCommand } from "../../support/dlr-command.ts";
import { stepOf } from "../history.ts";
import { startEscrow, startSend } from "./decide-send.ts";
import { type Decision, decisionOf, done, failedStep, finish, look } from "./decision.ts";
import { closeUnreported, followStep, judged } from "./follow-step.ts";
import { isUnclear, newReport } from "./match-result.ts";
import { proveGone } from "./prove-gone.ts";
import { ask, callsOf, type DeviceSituation, type Situation } from "./situation.ts";
import { maySend } from "./step-state.ts";
import { mayBeEarlier, openSteps, waitForReport, waitForSecret } from "./wait-for-report.ts";
import { watchDoubt } from "./watch-doubt.ts";
import { beforeIntent, beforeOf } from "./whose-result.ts";

/**
 * What to do next for one request; pure. The preview asks it too, so that a card says what `up`
 * does. Steps go in the plan's order: a step starts when every earlier one is at least accepted by
 * Graph, and `waitFor` holds back what follows until the device has reported.
 */
export function decideNextStep(situation: Situation): Decision {
  const { device } = situation.seen;
  if (device === undefined) return look(null, "device");
  if (device.kind === "unreadable") return finish("pending", device.reason, device.why);
  const known = { ...situation, device: device.kind === "seen" ? device.value : null };
  const decision = checkDevice(known) ?? decideSteps(known);
  return decision.kind === "finishStep" ? mayClose(known, decision) : decision;
}

function decideSteps(situation: DeviceSituation): Decision {
  let allFinished = true;
  let secretStep: PlanStep | null = null;
  for (const step of situation.job.plan.steps) {
    const state = stepOf(situation.history, step);
    if (state.kind === "finished" && state.record.status === "failed")
      return finish("failed", state.record.reason, `${step.action}: ${state.record.detail}`);
    if (state.kind === "finished") continue;
    if (secretStep !== null && sendsToDevice(step, state)) return waitForSecret(situation, secretStep);
    const decision = decideStep(situation, step, state, allFinished);
    if (decision !== null) return decision;
    allFinished = false;
    secretStep ??= makesSecret(situation, step) ? step : null;
  }
  if (allFinished) return finish("succeeded", "Finished", finishedText(situation));
  return waitForReport(situation, openSteps(situation));
}

/**
 * Its report carries a secret, which another action that is sent to the device could take away. A
 * read takes nothing away.
 */
function makesSecret({ device }: DeviceSituation, step: PlanStep): boolean {
  const action = findRemoteAction(step.action);
  return action !== undefined && device !== null && secretMadeOn(action, device) !== null;
}

function sendsToDevice(step: PlanStep, state: StepState): boolean {
  return findRemoteAction(step.action) !== undefined && maySend(state, step);
}

/** What nobody saw take effect is told, though nothing is left to do about it. */
function finishedText({ job, history }: DeviceSituation): string {
  const superseded = job.plan.steps.filter((step) => {
    const state = stepOf(history, step);
    return state.kind === "finished" && state.record.status === "superseded";
  });
  const names = superseded.map(({ action }) => action).join(", ");
  return names === ""
    ? "every step is done"
    : `every step is done, but for what a later one superseded, and nobody saw take effect: ${names}`;
}

/**
 * A request that is not begun is not begun by closing a step either, where the permission for a
 * later one is missing.
 */
function mayClose(situation: DeviceSituation, end: Extract<Decision, { kind: "finishStep" }>): Decision {
  const isBegun = situation.history.begun !== null;
  const calls = isBegun ? [] : callsOf(situation.job.plan.steps);
  return decisionOf(ask(situation, "close", end.step, { calls, isGuarded: end.result?.secret !== undefined }), end.step) ?? end;
}

/** Null: nothing to do for this step now, the next one may start. */
function decideStep(
  situation: DeviceSituation,
  step: PlanStep,
  state: Exclude<StepState, { kind: "finished" }>,
  earlierFinished: boolean,
): Decision | null {
  switch (state.kind) {
    case "untouched":
      return startStep(situation, step, earlierFinished);
    case "mayBeSentAgain":
      if (situation.sentNow.has(step.index))
        return finish("pending", "NotTaken", `Graph did not take ${step.action}: ${state.why}; the next up sends it again`);
      return start(situation, step);
    case "approvalRequired":
      return followApproval(situation, step, state);
    case "signInRequired":
      if (situation.sentNow.has(step.index) || situation.limits.followOnly)
        return finish("awaitingSignIn", "PermissionMissing", `${step.action} ${state.why}`);
      return startSend(situation, step, {});
    case "inDoubt":
      return settleDoubt(situation, step, state);
    case "accepted":
      return followStep(situation, step, { before: beforeOf(state), settled: state.settled, at: state.intent.at });
    case "adopted":
      return followStep(situation, step, { before: beforeOf(state), settled: null, at: state.record.at });
    case "judged":
      return judged(step, state.record);
    case "adoptedJudged":
      if (state.record.decision === "taken") return judged(step, state.record);
      // Somebody else's action came to nothing: sending it ourselves is a start.
      return mayStart(situation, step) ?? startSend(situation, step, { setAside: state.adopted.result });
    case "refused":
      return failedStep(step, "Refused", state.result.detail);
    default:
      return assertNever(state);
  }
}

/**
 * Only what was approved is sent again, the same in all of it; where nobody can tell, Graph decides
 * about the resubmission.
 */
function followApproval(situation: DeviceSituation, step: PlanStep, { approvalRequest, notTaken }: StepWaiting): Decision {
  const { device, sentNow, seen } = situation;
  const isOurs = sentNow.has(step.index);
  if (!isOurs && seen.approval === undefined) return look(step, "approval");
  if (!isOurs && seen.approval?.kind === "unreadable")
    return finish(
      "awaitingApproval",
      "ApprovalNotReadable",
      `how approval request ${approvalRequest} of ${step.action} stands cannot be read now: ${seen.approval.why}`,
    );
  const approval = seen.approval?.kind === "seen" ? seen.approval.value : null;
  if (approval?.kind === "refused") return failedStep(step, "ApprovalRefused", approval.detail);
  if (device !== null && carriesGeneratedPin(step.action, device) && !situation.limits.canResendSecrets) {
    const detail = "it asked for approval, and the PIN that went with it is in escrow, where we cannot read it to send it again the same";
    return failedStep(step, "ApprovalRefused", detail);
  }
  if (!isOurs && approval?.kind !== "waiting") return startSend(situation, step, { approvalRequest });
  if (isOurs && notTaken !== null) {
    const why = `Graph did not take ${step.action}, which approval request ${approvalRequest} is for: ${notTaken}; the next up sends it again`;
    return finish("awaitingApproval", "NotTaken", why);
  }
  const message = `${step.action} waits for another administrator to approve request ${approvalRequest} ${WHERE_APPROVED}; then run up again`;
  return finish("awaitingApproval", "ApprovalRequired", message);
}

function startStep(situation: DeviceSituation, step: PlanStep, earlierFinished: boolean): Decision | null {
  if (step.action === WAIT_STEP) {
    if (!earlierFinished) return waitForReport(situation, openSteps(situation));
    return done(step, "Waited", "every earlier step is done");
  }
  return start(situation, step);
}

function start(situation: DeviceSituation, step: PlanStep): Decision {
  const held = mayStart(situation, step);
  if (held !== null) return held;
  return step.action === ESCROW_STEP ? startEscrow(situation, step) : startSend(situation, step, {});
}

function mayStart(situation: DeviceSituation, step: PlanStep): Decision | null {
  return decisionOf(ask(situation, "start", step), step);
}

/**
 * The plan is for one enrolment: nothing that another enrolment of the device reports or suffers is
 * this request's.
 */
function checkDevice(situation: DeviceSituation): Decision | null {
  const { plan } = situation.job;
  const open = plan.steps.find((step) => stepOf(situation.history, step).kind !== "finished");
  const answer = open === undefined ? null : ask(situation, "device", open);
  if (open === undefined || answer === null) return null;
  if (answer.kind !== "against") return decisionOf(answer, open);
  const isOver = answer.rule.outcome === "failed";
  return closeUnreported(situation) ?? (isOver ? endWithDevice(situation, open, answer) : decisionOf(answer, open));
}

/** What is in doubt stays so: no look at another enrolment can tell. */
function endWithDevice(situation: DeviceSituation, open: PlanStep, answer: Extract<Answer, { kind: "against" }>): Decision | null {
  const [finding] = answer.findings;
  const text = finding?.message ?? "";
  const doubtful = situation.job.plan.steps.find((step) => stepOf(situation.history, step).kind === "inDoubt");
  if (doubtful !== undefined) return ambiguous(situation, doubtful, `${text} while ${doubtful.action} was in doubt`);
  const waiting = openSteps(situation);
  if (waiting === "") return decisionOf(answer, open);
  const hint = `before ${waiting} was reported; an accepted action can outlive an enrolment, look at the device`;
  return decisionOf({ ...answer, findings: [{ message: text, hint }] }, open);
}

/**
 * Evidence after the intent decides; without any, a person has to. Repeatable steps are simply sent
 * again in the next run.
 */
function settleDoubt(situation: DeviceSituation, step: PlanStep, doubt: StepInDoubt): Decision {
  const { intent } = doubt;
  const action = findRemoteAction(step.action);
  if (action === undefined) return ambiguous(situation, step, "this version of the product does not know the step");
  if (situation.device === null) {
    const why = `the device left Intune${whereNow(situation.seen)}, and nobody can tell whether this was the cause`;
    return proveGone(situation, step) ?? ambiguous(situation, step, why);
  }
  const report = newReport(action, beforeIntent(intent), situation.device);
  if (report !== null) return { kind: "resolveDoubt", intent, detail: `the device reports it as ${report.state}` };
  if (isRepeatable(step.action)) return repeatDoubt(situation, step);
  const watching = watchDoubt(situation, step, doubt);
  switch (watching.kind) {
    case "wait":
      return { ...watching, for: "doubt", step };
    case "later":
      return finish("pending", "NoAnswer", `nobody can tell yet whether Graph took ${step.action}; the next up looks at the device again`);
    case "over":
      return ambiguous(situation, step, `there was no clear answer, and ${nothingNew(situation, step, doubt)}`);
    default:
      return assertNever(watching);
  }
}

function nothingNew({ device }: DeviceSituation, step: PlanStep, { intent }: StepInDoubt): string {
  const action = findRemoteAction(step.action);
  const mayBeOld = action !== undefined && device !== null && isUnclear(action, beforeIntent(intent), device);
  return mayBeOld ? `the device tells nothing: ${mayBeEarlier(step)}` : "the device reports nothing new";
}

function repeatDoubt(situation: DeviceSituation, step: PlanStep): Decision {
  if (!situation.sentNow.has(step.index)) return start(situation, step);
  const message = `nobody can tell whether Graph took ${step.action}; it is safe to repeat, and the next up sends it again`;
  return finish("pending", "NoAnswer", message);
}

function ambiguous(situation: DeviceSituation, step: PlanStep, why: string): Decision {
  const name = requestNameOf(situation.job.plan.key);
  const message = `nobody can tell whether ${step.action} was taken: ${why}. Look at the device, then settle it: ${dlrCommand("settle", situation.job.stack, [name])} --taken (or --not-taken) --why TEXT`;
  return finish("ambiguous", "InDoubt", message);
}

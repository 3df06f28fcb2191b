import { destroysData, findRemoteAction, type RemoteAction } from "../domain/action-table.ts";
import { assertNever } from "../domain/assert-never.ts";
import type { SettledRecord } from "../domain/ledger-record.ts";
import { type ManagedDevice, platformOf } from "../domain/managed-device.ts";
import type { PlanStep } from "../domain/plan.ts";
import type { StepState } from "../domain/request-history.ts";
import { whereNow } from "../rules/enrolment-rules.ts";
import { type Decision, done, failedStep, finish } from "./decision.ts";
import { stepOf } from "./history.ts";
import { type ActionReport, type Before, newReport } from "./match-result.ts";
import { proveGone } from "./prove-gone.ts";
import type { DeviceSituation, Situation } from "./situation.ts";

/** What Graph took: how to tell its result, and who said so where Graph did not. */
export interface Taken {
  readonly before: Before;
  readonly settled: SettledRecord | null;
  /** When it was sent, or found under way, by our clock: ISO 8601. */
  readonly at: string;
}

/** How an accepted step ends by what the device says; null while it says nothing that ends it. */
export function followStep(situation: DeviceSituation, step: PlanStep, { before, settled, at }: Taken): Decision | null {
  const action = findRemoteAction(step.action);
  if (action === undefined) return finish("failed", "UnknownStep", `this version of the product does not know the step ${step.action}`);
  if (action.result.kind === "none") return done(step, "ResultNotReported", "Graph took it and reports no result for this action");
  if (situation.device === null)
    return closeOvertaken(situation, step) ?? closeSettled(step, settled) ?? afterDeviceLeft(situation, step, action);
  const report = newReport(action, before, situation.device);
  if (report !== null)
    return missesSecret(action, situation.device, report) ? awaitSecret(situation, step, at) : closeByReport(step, report);
  return closeOvertaken(situation, step) ?? closeSettled(step, settled);
}

function closeOvertaken(situation: Situation, step: PlanStep): Decision | null {
  if (!laterStepTookEffect(situation, step)) return null;
  return done(step, "ResultNotReported", "a later step took effect before the device reported this one");
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
    case "unknown":
      return null;
    default:
      return assertNever(state);
  }
}

/** The new passcode of an Android, or the PIN that unlocks a Mac, is all that lets anybody in again. */
function missesSecret(action: RemoteAction, device: ManagedDevice, { state, result }: ActionReport): boolean {
  const platform = platformOf(device);
  const secret = action.result.kind === "reported" ? action.result.secret : undefined;
  return state === "done" && platform !== null && secret?.on.includes(platform) === true && result?.secret === undefined;
}

/** Intune shows it for seven days; what did not come in that time does not come. */
const SHOWN_MS = 7 * 24 * 60 * 60 * 1000;

function awaitSecret(situation: Situation, step: PlanStep, at: string): Decision | null {
  if (situation.now - Date.parse(at) < SHOWN_MS) return null;
  return done(
    step,
    "SecretNotReported",
    "the device reported it as done, and Graph never showed the secret that it made: nothing is in escrow",
  );
}

/** Null while a later step is in doubt: whether it took the device away has to be settled first. */
function afterDeviceLeft(situation: Situation, step: PlanStep, action: RemoteAction): Decision | null {
  const { seen } = situation;
  if (action.result.kind === "reported" && action.result.goneIsSuccess)
    return proveGone(situation, step) ?? done(step, "RemovedFromManagement", `the device left Intune after Graph took it${whereNow(seen)}`);
  const removing = situation.job.plan.steps
    .filter((later) => later.index > step.index && removesDevice(later))
    .map((later) => stepOf(situation.history, later));
  if (removing.some((state) => state.kind === "inDoubt")) return null;
  const unproven = proveGone(situation, step);
  if (unproven !== null) return unproven;
  if (removing.some(isTaken))
    return done(step, "ResultNotReported", "the device left Intune through a later step before it reported this one");
  return failedStep(step, "DeviceGone", `the device left Intune before it reported a result${whereNow(seen)}`);
}

function laterStepTookEffect({ job, history }: Situation, step: PlanStep): boolean {
  return job.plan.steps.some((later) => {
    const state = stepOf(history, later);
    return later.index > step.index && destroysData(later.action) && state.kind === "finished" && state.record.status === "done";
  });
}

function removesDevice(step: PlanStep): boolean {
  const result = findRemoteAction(step.action)?.result;
  return result?.kind === "reported" && result.goneIsSuccess === true;
}

function isTaken(state: StepState): boolean {
  switch (state.kind) {
    case "accepted":
    case "adopted":
      return true;
    case "judged":
    case "adoptedJudged":
      return state.record.decision === "taken";
    case "finished":
      return state.record.status === "done";
    case "untouched":
    case "inDoubt":
    case "mayBeSentAgain":
    case "signInRequired":
    case "approvalRequired":
    case "refused":
      return false;
  }
}

/** What Graph took and the device never told the end of ends as a person says; only another generation sends it again. */
export function judged(step: PlanStep, { decision, who, why }: SettledRecord): Decision {
  const taken = decision === "taken";
  const detail = `settled as ${taken ? "done" : "never done"} by ${who}: ${why}`;
  return taken ? done(step, "Settled", detail) : failedStep(step, "Settled", detail);
}

/** What can be closed although no report of the plan's enrolment will ever come. */
export function closeUnreported(situation: Situation): Decision | null {
  for (const step of situation.job.plan.steps) {
    const state = stepOf(situation.history, step);
    if (state.kind === "judged" || state.kind === "adoptedJudged") return judged(step, state.record);
    const closed = state.kind === "accepted" ? (closeSettled(step, state.settled) ?? closeOvertaken(situation, step)) : null;
    if (closed !== null) return closed;
  }
  return null;
}

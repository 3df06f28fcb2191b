import { destroysData, findRemoteAction, type RemoteAction } from "../../domain/actions/action-table.ts";
import { secretMadeOn, shownMs } from "../../domain/actions/result-secret.ts";
import { assertNever } from "../../domain/assert-never.ts";
import type { PlanStep } from "../../domain/plan.ts";
import type { StepState } from "../../domain/request-history.ts";
import { type ResultSecret, secretOf } from "../../domain/secret-kinds.ts";
import type { SettledRecord } from "../../domain/step-record.ts";
import { whereNow } from "../../rules/enrolment-rules.ts";
import { stepOf } from "../history.ts";
import { type Decision, done, failedStep, finish } from "./decision.ts";
import { type ActionReport, newReport } from "./match-result.ts";
import { proveGone } from "./prove-gone.ts";
import type { DeviceSituation, Situation } from "./situation.ts";
import type { Before } from "./whose-result.ts";

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
    return closeOvertaken(situation, step, action) ?? closeSettled(step, settled) ?? afterDeviceLeft(situation, step, action);
  const report = newReport(action, before, situation.device);
  if (report === null) return closeOvertaken(situation, step, action) ?? closeSettled(step, settled);
  const secret = secretMadeOn(action, situation.device);
  if (secret !== null && report.state === "done" && report.result?.secret === undefined) return awaitSecret(situation, step, secret, at);
  return closeByReport(step, report) ?? (action.doneByService === undefined ? closeOvertaken(situation, step, action) : null);
}

function closeOvertaken(situation: DeviceSituation, step: PlanStep, action: RemoteAction): Decision | null {
  const later = stepThatTookEffect(situation, step);
  return later === undefined ? null : overtaken(situation, step, action, `${later.action} took effect before the device reported this one`);
}

/**
 * What Intune does without the device is done. A device carries out only the wipe, retire or delete
 * of what waits for it: anything else that it did not report before was dropped, as far as anybody
 * can tell.
 * https://learn.microsoft.com/intune/device-management/actions/
 */
function overtaken({ device, history }: DeviceSituation, step: PlanStep, action: RemoteAction, how: string): Decision {
  if (action.doneByService !== undefined) return done(step, "ResultNotReported", how);
  const facts = device ?? history.begun?.device;
  const secret = facts === undefined ? null : secretMadeOn(action, facts);
  const lost = secret === null ? "" : `, and the ${secretOf(secret.kind).word} that it makes never came: none is in escrow`;
  const detail = `${how}: nobody saw it take effect, and Intune drops what still waits for the device then${lost}`;
  return { kind: "finishStep", step, status: "superseded", reason: "Superseded", detail, result: null };
}

/**
 * Closes a step by the word of the person who settled its doubt, where the device reports nothing.
 */
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

/**
 * The new passcode of an Android, or the PIN that unlocks a Mac, is all that lets anybody in again;
 * what is not shown any more does not come.
 */
function awaitSecret(situation: Situation, step: PlanStep, secret: ResultSecret, at: string): Decision | null {
  const { isClockSure, now } = situation;
  if (!isClockSure || now - Date.parse(at) < shownMs(secret)) return null;
  const detail = "the device reported it as done, and Graph never showed the secret that it made: nothing is in escrow";
  return done(step, "SecretNotReported", detail);
}

/** Null while a later step is in doubt: whether it took the device away has to be settled first. */
function afterDeviceLeft(situation: DeviceSituation, step: PlanStep, action: RemoteAction): Decision | null {
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
    return overtaken(situation, step, action, "the device left Intune through a later step before it reported this one");
  return failedStep(step, "DeviceGone", `the device left Intune before it reported a result${whereNow(seen)}`);
}

function stepThatTookEffect({ job, history }: Situation, step: PlanStep): PlanStep | undefined {
  return job.plan.steps.find((later) => {
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

/**
 * Ends a step that Graph took and the device never reported on, as a person decided; only another
 * generation sends it again.
 */
export function judged(step: PlanStep, { decision, who, why }: SettledRecord): Decision {
  const taken = decision === "taken";
  const detail = `settled as ${taken ? "done" : "never done"} by ${who}: ${why}`;
  return taken ? done(step, "Settled", detail) : failedStep(step, "Settled", detail);
}

/** What can be closed although no report of the plan's enrolment will ever come. */
export function closeUnreported(situation: DeviceSituation): Decision | null {
  for (const step of situation.job.plan.steps) {
    const state = stepOf(situation.history, step);
    if (state.kind === "judged" || state.kind === "adoptedJudged") return judged(step, state.record);
    const action = findRemoteAction(step.action);
    if (state.kind !== "accepted" || action === undefined) continue;
    const closed = closeSettled(step, state.settled) ?? closeOvertaken(situation, step, action);
    if (closed !== null) return closed;
  }
  return null;
}

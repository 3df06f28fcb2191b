import { findRemoteAction, type RemoteAction } from "../../domain/actions/action-table.ts";
import { isSupervisedApple, type ManagedDevice } from "../../domain/managed-device.ts";
import type { SeenCode } from "../../domain/observation.ts";
import { type PlanStep, planIsHeldByChange } from "../../domain/plan.ts";
import type { ResultSnapshot } from "../../domain/step-record.ts";
import { presenceRule } from "../../rules/enrolment-rules.ts";
import { comingOfOne } from "../../rules/ledger-rules.ts";
import { stepOf } from "../history.ts";
import { type Decision, decisionOf, done, finish, look } from "./decision.ts";
import { underWay } from "./match-result.ts";
import { proveGone } from "./prove-gone.ts";
import { ask, callsOf, type DeviceSituation, ruleFactsOf } from "./situation.ts";
import { waitForReport } from "./wait-for-report.ts";

interface Sending {
  readonly approvalRequest?: string;
  /** Under way from elsewhere, and never coming to anything, as a person says. */
  readonly setAside?: ResultSnapshot;
}

/**
 * Decides about a step that nothing but a rule, an action under way or the bypass code keeps from
 * being sent.
 */
export function startSend(situation: DeviceSituation, step: PlanStep, { setAside, ...resubmission }: Sending): Decision {
  const action = findRemoteAction(step.action);
  if (action === undefined) return finish("failed", "UnknownStep", `this version of the product does not know the step ${step.action}`);
  const clear = checkStep(situation, step);
  if (clear.kind !== "clear") return clear;
  const { device } = clear;
  const running = underWay(action, device, setAside);
  if (running !== null && isOurs(situation, step)) return waitForReport(situation, step.action);
  if (running !== null && isSame(action, step))
    return mayDo(situation, step, "takeOver") ?? { kind: "adopt", step, device, result: running };
  const held = mayDo(situation, step, "send");
  if (held !== null) return held;
  // The last look is the last thing: what must not be done twice has its place first.
  if (!action.repeatable && !situation.isPlaced) return { kind: "place", step };
  // A code that Intune has is the best evidence that the device can be locked.
  const needsCode = action.destroysData && (isSupervisedApple(device) || situation.seen.bypassCode?.kind === "seen");
  return (needsCode ? secureCode(situation, step, device) : null) ?? { kind: "send", step, action, device, ...resubmission };
}

/**
 * The step `escrowBypassCode`: closes at once for a device that Activation Lock cannot hold, else
 * reads the code and puts it away.
 */
export function startEscrow(situation: DeviceSituation, step: PlanStep): Decision {
  const clear = checkStep(situation, step);
  if (clear.kind !== "clear") return clear;
  if (!isSupervisedApple(clear.device)) return done(step, "NotApplicable", "this device cannot have an Activation Lock bypass code");
  return mayDo(situation, step, "send") ?? secureCode(situation, step, clear.device) ?? closeEscrow(situation, step);
}

/** Whether the step is to be done at all, by the clock, the device and the settings. */
function checkStep(situation: DeviceSituation, step: PlanStep): Decision | { readonly kind: "clear"; readonly device: ManagedDevice } {
  const against = decisionOf(ask(situation, "step", step), step);
  if (against !== null) return against;
  const { device } = situation;
  if (device !== null) return { kind: "clear", device };
  return proveGone(situation, step) ?? finish("failed", presenceRule.reason, "the device left Intune");
}

/**
 * Whether it may be done now. Before the first step the permissions of all of them are asked for.
 */
function mayDo(situation: DeviceSituation, step: PlanStep, moment: "send" | "takeOver"): Decision | null {
  const { history, job } = situation;
  const own = moment === "send" ? [step] : [];
  const asked = history.begun === null ? job.plan.steps : own;
  const { steps } = ruleFactsOf(situation, step);
  const coming = comingOfOne(steps);
  return decisionOf(ask(situation, moment, step, { calls: callsOf(asked), isGuarded: planIsHeldByChange(job.plan), coming }), step);
}

/** Null once the code that Intune shows now is in escrow, or there is none and that is known. */
function secureCode(situation: DeviceSituation, step: PlanStep, device: ManagedDevice): Decision | null {
  const { bypassCode } = situation.seen;
  if (bypassCode === undefined) return look(step, "bypassCode");
  if (bypassCode.kind === "unreadable") return finish("pending", bypassCode.reason, bypassCode.why);
  if (bypassCode.kind === "absent") return decisionOf(ask(situation, "code", step), step);
  return isInEscrow(situation, bypassCode.value) ? null : { kind: "escrow", step, device, code: bypassCode.value };
}

/**
 * An entry of an earlier run may be gone, and we cannot look: what this run has not put there
 * itself is put there again.
 */
function isInEscrow({ history, putNow }: Pick<DeviceSituation, "history" | "putNow">, code: SeenCode): boolean {
  const { fingerprint, reference } = code;
  if (reference !== null) return true;
  const escrowed = history.escrowed.activationLockBypassCode;
  if (escrowed === undefined || fingerprint === null) return false;
  return putNow.has(escrowed.reference) && escrowed.fingerprint === fingerprint;
}

function closeEscrow({ seen, history }: DeviceSituation, step: PlanStep): Decision {
  if (seen.bypassCode?.kind === "seen") return done(step, "Escrowed", "the bypass code is in escrow, read back and compared");
  if (history.escrowed.activationLockBypassCode !== undefined)
    return done(step, "AlreadyEscrowed", "Intune has no code any more; the one that was escrowed of this enrolment is kept");
  return done(step, "NoBypassCode", "Intune has no bypass code of this device, as acknowledged");
}

/**
 * Whether what is under way under the action's name is what the step asks for. A report does not
 * tell parameters: another name or message is not ours. What destroys data is taken over all the
 * same, for twice is worse than otherwise.
 */
function isSame(action: RemoteAction, step: PlanStep): boolean {
  return action.destroysData || Object.keys(step.parameters).length === 0;
}

/**
 * An earlier step of this request is the same action and not finished: what is under way is not
 * from elsewhere.
 */
function isOurs({ job, history }: DeviceSituation, step: PlanStep): boolean {
  return job.plan.steps.some(
    (earlier) => earlier.index < step.index && earlier.action === step.action && stepOf(history, earlier).kind !== "finished",
  );
}

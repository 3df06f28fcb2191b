import { destroysData, findRemoteAction, WAIT_STEP } from "../../domain/actions/action-table.ts";
import { cautions } from "../../domain/actions/caution.ts";
import type { RemoteAction } from "../../domain/actions/remote-action.ts";
import { DAY_MS } from "../../domain/day.ts";
import type { DeviceActionResult, ManagedDevice } from "../../domain/managed-device.ts";
import type { PlanStep } from "../../domain/plan.ts";
import type { FirstAct } from "../../engine/decide/first-act.ts";
import { namesAction } from "../../engine/decide/match-result.ts";
import { isOpen, momentOf } from "../../engine/decide/result-times.ts";
import { maySend } from "../../engine/decide/step-state.ts";
import { stepOf } from "../../engine/history.ts";
import type { ResolvedRequest } from "./resolved-request.ts";

/** What a warning follows from beside the request and its device. */
export interface WarningFacts {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** True where Graph last wanted another administrator's approval for the action. */
  readonly wasApprovalAsked: (action: string) => boolean;
}

/** A device that checked in longer ago is likely in a drawer. */
const NOT_SEEN_DAYS = 30;

/**
 * What a reviewer should know of each request before approving it, by its name: sentences, the
 * worst first. Only what `up` would do is warned of: what is held back, or will not run, loses
 * nothing.
 */
export function previewWarnings(
  entries: readonly ResolvedRequest[],
  acts: ReadonlyMap<string, FirstAct>,
  facts: WarningFacts,
): ReadonlyMap<string, readonly string[]> {
  return new Map(entries.map((entry) => [entry.request.name, warningsOf(entry, acts.get(entry.request.name), facts)]));
}

/** The warnings of both, by name of the request. */
export function withMore(
  warnings: ReadonlyMap<string, readonly string[]>,
  more: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  return new Map([...warnings].map(([name, texts]) => [name, [...texts, ...(more.get(name) ?? [])]]));
}

/** One call that is still to be sent. */
interface Call {
  readonly step: PlanStep;
  readonly action: RemoteAction;
}

function warningsOf(entry: ResolvedRequest, act: FirstAct | undefined, facts: WarningFacts): readonly string[] {
  if (act === undefined || act.kind === "ends") return [];
  const { plan, history, device } = entry;
  const left = plan.steps.filter((step) => maySend(stepOf(history, step), step));
  const calls = left.flatMap((step) => {
    const action = findRemoteAction(step.action);
    return action === undefined ? [] : [{ step, action }];
  });
  const about = device === undefined || device === null ? [] : aboutDevice(calls, device, plan.steps, facts.now);
  const warnings = [...recall(calls), ...approvals(calls, facts), ...dropped(entry, calls), ...about];
  return [...new Set(warnings)];
}

function recall(calls: readonly Call[]): readonly string[] {
  const destroys = calls.some(({ action }) => destroysData(action.name));
  return destroys ? ["what is accepted cannot be recalled: neither a revert nor removing the request brings the data back"] : [];
}

function approvals(calls: readonly Call[], { wasApprovalAsked }: WarningFacts): readonly string[] {
  return calls
    .filter(({ action }) => action.multiAdminApproval && wasApprovalAsked(action.name))
    .map(
      ({ action }) =>
        `Multi Admin Approval covers ${action.name} in this tenant: the request stays awaitingApproval until another administrator approves it in Intune, within 3 days`,
    );
}

/** Intune ignores what a device has not done yet once a wipe, retire or delete is pending. */
function dropped({ plan, history }: ResolvedRequest, calls: readonly Call[]): readonly string[] {
  return calls.flatMap(({ step: last, action: { takesPrecedence } }) => {
    if (takesPrecedence === undefined) return [];
    return plan.steps
      .filter((step) => step.index < last.index && isDoneByDevice(step) && stepOf(history, step).kind !== "finished")
      .filter((step) => plan.steps[step.index + 1]?.action !== WAIT_STEP)
      .map(
        ({ action }) =>
          `Intune drops ${action} where the device has not done it when ${last.action} is sent: waitFor: done after it waits (${takesPrecedence})`,
      );
  });
}

function isDoneByDevice({ action }: PlanStep): boolean {
  const found = findRemoteAction(action);
  return found !== undefined && found.doneByService === undefined;
}

function aboutDevice(calls: readonly Call[], device: ManagedDevice, steps: readonly PlanStep[], now: number): readonly string[] {
  if (calls.length === 0) return [];
  return [...cautioned(calls, device, steps), ...pending(device, steps), ...notSeen(device, calls, now)];
}

function cautioned(calls: readonly Call[], device: ManagedDevice, steps: readonly PlanStep[]): readonly string[] {
  return calls.flatMap(({ step, action }) => {
    const before = steps.slice(0, step.index).map((earlier) => earlier.action);
    const call = { device, parameters: step.parameters, before };
    return (action.cautions ?? [])
      .filter((caution) => cautions(caution, call))
      .map(({ text, source }) => `${action.name} ${text} (${source})`);
  });
}

/** An action of this plan is not told again: the card's first line says what becomes of it. */
function pending({ deviceActionResults }: ManagedDevice, steps: readonly PlanStep[]): readonly string[] {
  const own = steps.map((step) => findRemoteAction(step.action)).filter((action) => action !== undefined);
  return deviceActionResults
    .filter((result) => isOpen(result) && !own.some((action) => namesAction(action, result.actionName)))
    .map(describePending);
}

function describePending({ actionName, actionState, startDateTime }: DeviceActionResult): string {
  const since = momentOf(startDateTime) === null ? "" : ` since ${startDateTime}`;
  return `${actionName} is ${actionState} on the device${since}, sent by somebody else: a wipe, retire or delete drops it, or drops what is sent now`;
}

function notSeen({ lastSyncDateTime }: ManagedDevice, calls: readonly Call[], now: number): readonly string[] {
  if (!calls.some(({ step }) => isDoneByDevice(step))) return [];
  const seen = momentOf(lastSyncDateTime);
  if (seen === null) return ["Intune does not say that the device ever checked in: what is sent waits until it does"];
  const days = Math.floor((now - seen) / DAY_MS);
  return days < NOT_SEEN_DAYS ? [] : [`Intune has not seen the device for ${days} days: what is sent waits until it checks in`];
}

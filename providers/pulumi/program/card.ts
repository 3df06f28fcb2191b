import { destroysData, findRemoteAction } from "../../domain/actions/action-table.ts";
import { printable } from "../../domain/diagnostic.ts";
import type { ManagedDevice } from "../../domain/managed-device.ts";
import { describeStep, type PlanStep } from "../../domain/plan.ts";
import type { FirstAct } from "../../engine/decide/first-act.ts";
import { maySend } from "../../engine/decide/step-state.ts";
import { stepOf } from "../../engine/history.ts";
import type { Surveyed } from "./surveyed.ts";

/**
 * What a reviewer reads under an unfinished request in the preview. The first line says what the
 * next `up` does first; how the last run left it stands below, marked as that.
 */
export function renderCard(entry: Surveyed, act: FirstAct): string {
  const { request, plan } = entry;
  const { lastOutcome } = entry.history;
  const lines = [
    act.text,
    `device   ${renderDevice(entry)}`,
    ...plan.steps.map((step) => `step ${step.index + 1}   ${renderStep(entry, step)}`),
    `reason   ${request.reason}${request.ticket === null ? "" : ` (${request.ticket})`}`,
    ...(request.expires === null ? [] : [`expires  ${request.expires}, end of day UTC`]),
    ...(request.acknowledge.length === 0 ? [] : [`agreed   ${request.acknowledge.join(", ")}`]),
    ...(lastOutcome === null ? [] : [`last run ${lastOutcome.outcome} at ${lastOutcome.at}: ${lastOutcome.message}`]),
    ...warningsOf(entry, act).map((text) => `WARNING  ${text}`),
  ];
  return lines.map(printable).join("\n");
}

/**
 * Of a request that the ledger has as ended and that the stack's state does not know: a bare
 * `create` would tell nothing.
 */
export function renderLostCard({ history, plan }: Surveyed): string {
  const outcome = history.standing;
  const word = outcome?.outcome === "succeeded" ? "finished" : (outcome?.outcome ?? "ended");
  const lines = [
    `nothing: ${word}`,
    `device   ${plan.device.serialNumber ?? plan.device.id}: nothing is sent to it`,
    `ledger   ${outcome?.outcome ?? "ended"} since ${outcome?.at ?? "an unknown time"}; the stack's state does not know it, and up only writes it back`,
  ];
  return lines.map(printable).join("\n");
}

function renderDevice({ device, plan, unreadable }: Surveyed): string {
  if (unreadable !== null) return `${plan.device.serialNumber ?? plan.device.id}, which Graph does not show now`;
  if (device === undefined || device === null) return `${plan.device.serialNumber ?? plan.device.id}, not shown by Intune to this identity`;
  const facts = [
    device.deviceName ?? "no name",
    device.model ?? "unknown model",
    `${device.operatingSystem ?? "unknown system"} ${device.osVersion ?? ""}`.trim(),
    `serial ${device.serialNumber ?? "unknown"}`,
    device.userPrincipalName === null ? "no user" : `user ${device.userPrincipalName}`,
    supervision(device),
    `owner ${device.managedDeviceOwnerType ?? "unknown"}`,
    `last seen ${device.lastSyncDateTime ?? "never"}`,
    `id ${device.id}`,
  ];
  return facts.filter((fact) => fact !== "").join(", ");
}

function supervision(device: ManagedDevice): string {
  if (device.isSupervised === null) return "";
  return device.isSupervised ? "supervised" : "not supervised";
}

function renderStep({ history }: Surveyed, step: PlanStep): string {
  const state = stepOf(history, step);
  const progress = state.kind === "untouched" ? "" : ` [${state.kind === "finished" ? state.record.status : state.kind}]`;
  const title = findRemoteAction(step.action)?.title;
  return `${describeStep(step)}${title === undefined ? "" : `: ${title}`}${destroysData(step.action) ? ". DESTROYS DATA" : ""}${progress}`;
}

/** Only what `up` would do is warned of: what is held back, or will not run, loses nothing. */
export function warningsOf({ plan, history }: Surveyed, act: FirstAct): readonly string[] {
  if (act.kind === "ends") return [];
  const destroys = plan.steps.some((step) => destroysData(step.action) && maySend(stepOf(history, step), step));
  return destroys ? ["what is accepted cannot be recalled: neither a revert nor removing the request brings the data back"] : [];
}

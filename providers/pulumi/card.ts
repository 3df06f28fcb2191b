import { destroysData, findRemoteAction } from "../domain/action-table.ts";
import { printable } from "../domain/diagnostic.ts";
import { recordsInForce } from "../domain/ledger-record.ts";
import type { ManagedDevice } from "../domain/managed-device.ts";
import { describeStep, type PlanStep } from "../domain/plan.ts";
import { stepState } from "../engine/step-state.ts";
import type { Surveyed } from "./surveyed.ts";

/** What a reviewer reads under an unfinished request in the preview: which device, which steps, what cannot be taken back. */
export function renderCard(entry: Surveyed): string {
  const { request, plan, last } = entry;
  const lines = [
    `device   ${renderDevice(entry)}`,
    ...plan.steps.map((step) => `step ${step.index + 1}   ${renderStep(entry, step)}`),
    `reason   ${request.reason}${request.ticket === null ? "" : ` (${request.ticket})`}`,
    ...(request.expires === null ? [] : [`expires  ${request.expires}, end of day UTC`]),
    ...(request.acknowledge.length === 0 ? [] : [`agreed   ${request.acknowledge.join(", ")}`]),
    ...(last === undefined ? [] : [`stands   ${last.outcome} since ${last.at}: ${last.message}`]),
    ...warnings(entry).map((text) => `WARNING  ${text}`),
  ];
  return lines.map(printable).join("\n");
}

function renderDevice({ device, plan }: Surveyed): string {
  if (device === undefined || device === null) return `${plan.device.serialNumber ?? plan.device.id}, not in Intune any more`;
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

function renderStep({ records }: Surveyed, step: PlanStep): string {
  const state = stepState(step, recordsInForce(records));
  const progress = state.kind === "untouched" ? "" : ` [${state.kind === "finished" ? state.record.status : state.kind}]`;
  const title = findRemoteAction(step.action)?.title;
  return `${describeStep(step)}${title === undefined ? "" : `: ${title}`}${destroysData(step.action) ? ". DESTROYS DATA" : ""}${progress}`;
}

function warnings({ plan, device, records }: Surveyed): string[] {
  const texts: string[] = [];
  if (plan.steps.some((step) => destroysData(step.action) && stepState(step, records).kind === "untouched")) {
    texts.push("what is accepted cannot be recalled: neither a revert nor removing the request brings the data back");
  }
  if (device !== undefined && device !== null && device.enrolledDateTime !== plan.device.enrolledDateTime) {
    texts.push(`the device was enrolled anew since this request was begun; up will send nothing more for it`);
  }
  return texts;
}

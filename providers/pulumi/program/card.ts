import { destroysData, findRemoteAction } from "../../domain/actions/action-table.ts";
import { printable } from "../../domain/diagnostic.ts";
import type { ManagedDevice } from "../../domain/managed-device.ts";
import { describeStep, type PlanStep } from "../../domain/plan.ts";
import { requestNameOf } from "../../domain/request.ts";
import type { FirstAct } from "../../engine/decide/first-act.ts";
import { stepOf } from "../../engine/history.ts";
import type { KnownState } from "../../rules/known-ledger-rules.ts";
import type { ResolvedRequest } from "./resolved-request.ts";

/**
 * What a reviewer reads under an unfinished request in the preview. The first line says what the
 * next `up` does first; how the last run left it stands below, marked as that.
 */
export function renderCard(entry: ResolvedRequest, act: FirstAct, warnings: readonly string[]): string {
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
    ...warnings.map((text) => `WARNING  ${text}`),
  ];
  return lines.map(printable).join("\n");
}

/**
 * Of a request that the ledger has as ended and that the stack's state does not know: a bare
 * `create` would tell nothing.
 */
function renderLostCard({ history, plan }: ResolvedRequest): string {
  const outcome = history.standing;
  const word = outcome?.outcome === "succeeded" ? "finished" : (outcome?.outcome ?? "ended");
  const lines = [
    `nothing: ${word}`,
    `device   ${plan.device.serialNumber ?? plan.device.id}: nothing is sent to it`,
    `ledger   ${outcome?.outcome ?? "ended"} since ${outcome?.at ?? "an unknown time"}; the stack's state does not know it, and up only writes it back`,
  ];
  return lines.map(printable).join("\n");
}

function renderDevice({ device, plan, unreadable }: ResolvedRequest): string {
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

function renderStep({ history }: ResolvedRequest, step: PlanStep): string {
  const state = stepOf(history, step);
  const progress = state.kind === "untouched" ? "" : ` [${state.kind === "finished" ? state.record.status : state.kind}]`;
  const title = findRemoteAction(step.action)?.title;
  return `${describeStep(step)}${title === undefined ? "" : `: ${title}`}${destroysData(step.action) ? ". DESTROYS DATA" : ""}${progress}`;
}

/** What a preview says under one resource. */
export interface PreviewCard {
  readonly text: string;
  /** What the tokens at hand lack, or nothing. */
  readonly lacking: string | undefined;
}

/**
 * A card for each request by its name. One that has ended gets a card only where state has lost it:
 * a bare `create` would look like work.
 */
export function cardsOf(
  entries: readonly ResolvedRequest[],
  acts: ReadonlyMap<string, FirstAct>,
  { lacking, warnings }: { readonly lacking: ReadonlyMap<string, string>; readonly warnings: ReadonlyMap<string, readonly string[]> },
  state: KnownState,
): ReadonlyMap<string, PreviewCard> {
  const known = new Set(state.requests.map(({ key }) => requestNameOf(key)));
  const cards = entries.flatMap((entry) => {
    const { name } = entry.request;
    const act = acts.get(name);
    if (act !== undefined) return [[name, { text: renderCard(entry, act, warnings.get(name) ?? []), lacking: lacking.get(name) }] as const];
    return known.has(name) ? [] : [[name, { text: renderLostCard(entry), lacking: undefined }] as const];
  });
  return new Map(cards);
}

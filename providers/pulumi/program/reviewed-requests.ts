import { digestOf } from "../../../review/digest.ts";
import type { NextAct, ReviewedFacts, ReviewedRequest, ReviewedStep } from "../../../review/review.ts";
import { destroysData, escrowsSecret, findRemoteAction } from "../../domain/actions/action-table.ts";
import { deviceFacts } from "../../domain/managed-device.ts";
import type { PlanStep } from "../../domain/plan.ts";
import type { FirstAct } from "../../engine/decide/first-act.ts";
import { maySend } from "../../engine/decide/step-state.ts";
import { stepOf } from "../../engine/history.ts";
import { statusOf } from "../../engine/report.ts";
import type { ResolvedRequest } from "./resolved-request.ts";

/** What a review says of the requests that have not ended: the same that their cards say. */
export function reviewedRequests(
  entries: readonly ResolvedRequest[],
  acts: ReadonlyMap<string, FirstAct>,
  lacking: ReadonlyMap<string, string>,
  warnings: ReadonlyMap<string, readonly string[]>,
): readonly ReviewedRequest[] {
  return entries.flatMap((entry) => {
    const act = acts.get(entry.request.name);
    const { name } = entry.request;
    return act === undefined ? [] : [reviewedRequest(entry, act, lacking.get(name) ?? null, warnings.get(name) ?? [])];
  });
}

function reviewedRequest(entry: ResolvedRequest, act: FirstAct, lacking: string | null, warnings: readonly string[]): ReviewedRequest {
  const { request, plan, history } = entry;
  const { name, source, reason, ticket, expires, acknowledge, repeats } = request;
  const { key, playbook, device, path, steps } = plan;
  const { id, serialNumber, enrolledDateTime } = device;
  return {
    key,
    name,
    source: { file: source.file, line: source.line },
    reason,
    ticket,
    expires,
    acknowledge,
    repeats,
    playbook,
    device: { id, serialNumber, enrolledDateTime },
    path,
    steps: steps.map((step) => reviewedStep(entry, step)),
    facts: factsOf(entry),
    begun: history.begun !== null,
    next: nextOf(act),
    lastRun: lastRunOf(entry),
    warnings,
    lacking,
    digest: digestOf(plan),
  };
}

function reviewedStep({ history }: ResolvedRequest, step: PlanStep): ReviewedStep {
  const { action, parameters } = step;
  const state = stepOf(history, step);
  return {
    action,
    parameters,
    title: findRemoteAction(action)?.title ?? null,
    destroysData: destroysData(action),
    escrows: escrowsSecret(action),
    status: statusOf(state),
    left: maySend(state, step),
  };
}

function factsOf({ device }: ResolvedRequest): ReviewedFacts | null {
  if (device === undefined || device === null) return null;
  const { model, managedDeviceOwnerType, deviceCategoryDisplayName, lastSyncDateTime } = device;
  return { ...deviceFacts(device), model, managedDeviceOwnerType, deviceCategoryDisplayName, lastSyncDateTime };
}

function nextOf(act: FirstAct): NextAct {
  return { kind: act.kind, text: act.text, outcome: act.kind === "ends" ? act.verdict.outcome : null };
}

function lastRunOf({ history: { lastOutcome } }: ResolvedRequest): ReviewedRequest["lastRun"] {
  if (lastOutcome === null) return null;
  const { outcome, at, message } = lastOutcome;
  return { outcome, at, message };
}

import type { ManagedDevice } from "../../providers/domain/managed-device.ts";
import type { LifecycleRequest, StepSpec } from "../../providers/domain/request.ts";
import type { Job } from "../../providers/engine/job.ts";
import { editionOf } from "../../providers/pulumi/edition.ts";
import { compilePlan } from "../../providers/request/compile-plan.ts";
import { IPAD } from "./fakes-devices.ts";

/** A step as tests write it: its name, or its name with parameters. */
export type StepText = string | StepSpec;

export function stepSpec(text: StepText): StepSpec {
  if (typeof text !== "string") return text;
  return { action: text, parameters: text === "waitFor" ? { state: "done" } : {} };
}

export const UNLOCK_AND_WIPE = ["escrowBypassCode", "bypassActivationLock", "wipe"] as const;

/** A request that may do anything on the iPad, except where `changes` say otherwise. */
export function lifecycleRequest(steps: readonly StepText[], changes: Partial<LifecycleRequest> = {}): LifecycleRequest {
  return {
    name: "leeds-leaver-0042",
    generation: 1,
    device: { id: IPAD.id },
    playbook: null,
    steps: steps.map(stepSpec),
    reason: "Leaver returned the iPad",
    ticket: "INC-4711",
    expires: "2026-12-31",
    acknowledge: ["dataLoss", "physicalPossession"],
    repeats: null,
    onDrift: "report",
    source: { file: "devices/requests/a.yaml", line: 2, column: 5 },
    places: {},
    ...changes,
  };
}

/** What the provider makes of a request for a device. */
export function jobOf(request: LifecycleRequest, device: ManagedDevice = IPAD): Job {
  const { name, reason, repeats, expires, ticket, acknowledge, source } = request;
  return {
    name,
    plan: compilePlan(request, device),
    terms: { expires, ticket, acknowledge },
    edition: editionOf(request),
    reason,
    source: `${source.file}:${source.line}`,
    repeats,
  };
}

import { deviceFacts, type ManagedDevice } from "../../providers/domain/managed-device.ts";
import type { Outcome } from "../../providers/domain/outcome.ts";
import { planDestroysData } from "../../providers/domain/plan.ts";
import type { LifecycleRequest } from "../../providers/domain/request.ts";
import { editionOf } from "../../providers/pulumi/edition.ts";
import type { Guard } from "../../providers/pulumi/provider/guard.ts";
import { parseSettings, type Settings } from "../../providers/pulumi/settings.ts";
import { inputsOf, type LifecycleInputs, type LifecycleOutputs } from "../../providers/pulumi/state.ts";
import { compilePlan } from "../../providers/request/compile-plan.ts";
import { IPAD } from "./fakes-devices.ts";

/** Inputs of the resource of a request, as the program registers it. */
export function inputsFor(request: LifecycleRequest, device: ManagedDevice = IPAD): LifecycleInputs {
  const plan = compilePlan(request, device);
  return inputsOf(request, plan, { destructive: planDestroysData(plan), begun: false, stack: "prod" });
}

/** State of the resource of a request after a run that ended so. */
export function stateFor(request: LifecycleRequest, outcome: Outcome, device: ManagedDevice = IPAD): LifecycleOutputs {
  const { name, generation, reason, ticket, source, onDrift } = request;
  return {
    request: { name, generation, reason, ticket, source: `${source.file}:${source.line}` },
    device: deviceFacts(device),
    outcome,
    steps: [],
    bypassCode: null,
    conditions: [],
    drift: [],
    plan: compilePlan(request, device),
    edition: editionOf(request),
    onDrift,
  };
}

/**
 * Of tests that are about something else: the ledger is the right one, and nothing is held back.
 */
export const NO_GUARD: Guard = {
  checkWorld: async () => undefined,
  checkKnown: async () => undefined,
  hold: async () => null,
  unreviewed: async () => null,
  unshown: async () => null,
  doubt: async () => null,
};

export function settings(changes: Partial<Settings> = {}): Settings {
  return { ...parseSettings(() => undefined), ...changes };
}

import type { DriftFinding } from "../domain/drift.ts";
import { isObject, parseJson } from "../domain/json.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Plan, PlannedDevice } from "../domain/plan.ts";
import { type LifecycleRequest, requestKey } from "../domain/request.ts";
import type { RequestTerms } from "../domain/request-record.ts";
import type { Report } from "../engine/job.ts";
import { editionOf } from "./edition.ts";

/** What a resource is to do, and facts that never change by themselves. */
export interface LifecycleInputs {
  readonly request: {
    readonly name: string;
    readonly generation: number;
    readonly reason: string;
    readonly ticket: string | null;
    /** `file:line` */
    readonly source: string;
    readonly acknowledge: RequestTerms["acknowledge"];
    readonly repeats: string | null;
    readonly onDrift: "report" | "repeat";
    readonly edition: string;
    /** For the commands in messages: Pulumi tells the provider no stack. */
    readonly stack: string;
  };
  readonly plan: Plan;
  // The rest stands at the top for policies, which see inputs only.
  readonly device: PlannedDevice;
  readonly destructive: boolean;
  readonly expires: string | null;
  readonly ticket: string | null;
  readonly playbook: string | null;
  readonly begun: boolean;
  /** What refreshes found while the request was on a shelf: its first outputs keep that. */
  readonly findings?: readonly DriftFinding[];
}

/**
 * Inputs as Pulumi gets and keeps them: the plan is one text, and what is null is left out. The SDK
 * makes some twenty promises for each value at the top, and engine and provider walk through all.
 */
export type StoredInputs = Omit<LifecycleInputs, "plan" | NullableInput> &
  Partial<Record<NullableInput, string | null>> & { readonly plan: string | Plan };

type NullableInput = "expires" | "ticket" | "playbook";

/**
 * Outputs of a resource, as docs/outputs.md promises them to other people's scripts; `plan`,
 * `edition` and `onDrift` are for our own diff and refresh.
 */
export interface LifecycleOutputs {
  readonly request: {
    readonly name: string;
    readonly generation: number;
    readonly reason: string;
    readonly ticket: string | null;
    readonly source: string;
  };
  readonly device: Report["device"];
  readonly outcome: Outcome;
  readonly steps: Report["steps"];
  readonly bypassCode: Report["bypassCode"];
  readonly conditions: Report["conditions"];
  /** What refreshes found since it succeeded. States of older versions have none. */
  readonly drift?: readonly DriftFinding[];
  readonly plan: Plan;
  readonly edition: string;
  readonly onDrift: "report" | "repeat";
}

/** Holds no secret, since Pulumi keeps inputs in its state in the clear. */
export function inputsOf(
  request: LifecycleRequest,
  plan: Plan,
  { stack, ...facts }: Pick<LifecycleInputs, "destructive" | "begun" | "findings"> & Pick<LifecycleInputs["request"], "stack">,
): LifecycleInputs {
  const { name, generation, reason, ticket, expires, acknowledge, repeats, onDrift, playbook, source } = request;
  return {
    request: {
      name,
      generation,
      reason,
      ticket,
      source: `${source.file}:${source.line}`,
      acknowledge,
      repeats,
      onDrift,
      edition: editionOf(request),
      stack,
    },
    plan: { ...plan, key: requestKey(request) },
    device: plan.device,
    expires,
    ticket,
    playbook,
    ...facts,
  };
}

/** Holds references of what was escrowed, and never a secret. */
export function outputsOf(inputs: LifecycleInputs, report: Report): LifecycleOutputs {
  const { name, generation, reason, ticket, source, edition, onDrift } = inputs.request;
  return { ...publicOutputsOf({ name, generation, reason, ticket, source }, report), plan: inputs.plan, edition, onDrift };
}

/** What other people's scripts may read of a request, wherever state holds it. */
export type PublicOutputs = Omit<LifecycleOutputs, "plan" | "edition" | "onDrift">;

/** Of a request that no refresh has looked at. */
export function publicOutputsOf(request: LifecycleOutputs["request"], report: Report): PublicOutputs {
  const { device, outcome, steps, bypassCode, conditions } = report;
  return { request, device, outcome, steps, bypassCode, conditions, drift: [] };
}

/**
 * Outputs as Pulumi keeps them. The plan, which only we read there, is one text: the engine and
 * both processes of ours walk through every value of a tree. States of earlier versions have the
 * tree.
 */
export type StoredOutputs = Omit<LifecycleOutputs, "plan"> & { readonly plan: string | Plan };

/** For Pulumi. */
export function inputsToStored({ plan, expires, ticket, playbook, ...rest }: LifecycleInputs): StoredInputs {
  const given = Object.entries({ expires, ticket, playbook }).filter(([, value]) => value !== null);
  return { ...rest, ...Object.fromEntries(given), plan: JSON.stringify(plan) };
}

/** Of this or an earlier version. Throws `TypeError` for a text that is no plan. */
export function inputsFromStored(stored: StoredInputs): LifecycleInputs {
  const { plan, expires = null, ticket = null, playbook = null } = stored;
  return { ...stored, expires, ticket, playbook, plan: planOf(plan) };
}

/** For Pulumi. */
export function toStored(outputs: LifecycleOutputs): StoredOutputs {
  return { ...outputs, plan: JSON.stringify(outputs.plan) };
}

/** Of this or an earlier version. Throws `TypeError` for a text that `toStored` did not write. */
export function fromStored(stored: StoredOutputs): LifecycleOutputs {
  return { ...stored, plan: planOf(stored.plan) };
}

function planOf(stored: string | Plan): Plan {
  const plan = typeof stored === "string" ? parseJson(stored) : stored;
  if (isPlan(plan)) return plan;
  throw new TypeError("the plan in the state of a request is none");
}

function isPlan(value: unknown): value is Plan {
  return isObject(value) && typeof value.key === "string" && isObject(value.device) && Array.isArray(value.steps);
}

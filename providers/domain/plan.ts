import { destroysData, escrowsSecret, locksOut } from "./actions/action-table.ts";
import type { JsonObject } from "./json.ts";
import { canonicalJson } from "./json.ts";
import { isGenericSerial, normalizeSerial } from "./managed-device.ts";

/** The way through Graph to a device: one member per path form that Graph documents. */
export type DevicePath =
  | { readonly kind: "managedDevices" }
  | { readonly kind: "user"; readonly user: string }
  | { readonly kind: "detectedApp"; readonly detectedApp: string }
  | { readonly kind: "detectedAppUser"; readonly detectedApp: string; readonly user: string }
  | { readonly kind: "deviceRunState"; readonly script: string; readonly runState: string }
  | { readonly kind: "deviceRunStateDetectedApp"; readonly script: string; readonly runState: string; readonly detectedApp: string };

/** One enrolment of one device. */
export interface PlannedDevice {
  readonly id: string;
  readonly serialNumber: string | null;
  readonly enrolledDateTime: string | null;
}

/**
 * What tells one device from others: its id and its serial number. A serial number that vendors
 * leave in place of a real one is left out, for it would make one device of strangers.
 */
export function identitiesOf(device: Pick<PlannedDevice, "id" | "serialNumber">): readonly string[] {
  const id = `id ${device.id.toLowerCase()}`;
  if (device.serialNumber === null || isGenericSerial(device.serialNumber)) return [id];
  return [id, `serial ${normalizeSerial(device.serialNumber)}`];
}

/** A device and the path that leads to it. */
export interface DeviceReference {
  readonly id: string;
  readonly path: DevicePath;
}

/**
 * One call of Graph's, or one of the product's own steps, with its parameters as they will be sent.
 */
export interface PlanStep {
  /** Place in the plan, from 0; names the step in the ledger. */
  readonly index: number;
  readonly action: string;
  readonly parameters: JsonObject;
}

/**
 * What will be sent, for one request and one enrolment. Frozen in the ledger with its first intent.
 */
export interface Plan {
  readonly key: string;
  readonly playbook: string | null;
  readonly device: PlannedDevice;
  readonly path: DevicePath;
  readonly steps: readonly PlanStep[];
}

/** Of a plan, or of a request that has none yet. */
type WithSteps = { readonly steps: readonly Pick<PlanStep, "action">[] };

/** True where any step of it does, sent or not. */
export function planDestroysData(plan: WithSteps): boolean {
  return plan.steps.some((step) => destroysData(step.action));
}

/** False for what destroys data besides: a limit of its own counts that. */
export function planLocksOut(plan: WithSteps): boolean {
  return plan.steps.some((step) => locksOut(step.action)) && !planDestroysData(plan);
}

/**
 * True for plans that a change of the safety settings holds back: those that a limit counts, and
 * those that escrow a secret, whose readers may have changed.
 */
export function planIsHeldByChange(plan: WithSteps): boolean {
  return planIsGuarded(plan) || planLocksOut(plan);
}

/** True for plans that need stores that last: they destroy data or put a secret into escrow. */
export function planIsGuarded(plan: WithSteps): boolean {
  return planDestroysData(plan) || plan.steps.some(({ action }) => escrowsSecret(action));
}

/** Names the device by the id that was planned for, on the path that the selector chose. */
export function deviceReference(plan: Plan): DeviceReference {
  return { id: plan.device.id, path: plan.path };
}

/**
 * What differs between the frozen plan and the one that the files give today, in words; empty when
 * nothing does.
 */
export function planDifferences(frozen: Plan, current: Plan): readonly string[] {
  const differences: string[] = [];
  if (frozen.device.id !== current.device.id)
    differences.push(`device: ${describeDevice(frozen.device)} → ${describeDevice(current.device)}`);
  if (frozen.playbook !== current.playbook)
    differences.push(`playbook: ${frozen.playbook ?? "own steps"} → ${current.playbook ?? "own steps"}`);
  if (canonicalJson({ ...frozen.path }) !== canonicalJson({ ...current.path }))
    differences.push(`path: ${frozen.path.kind} → ${current.path.kind}`);
  const before = frozen.steps.map(describeStep).join(", ");
  const after = current.steps.map(describeStep).join(", ");
  if (before !== after) differences.push(`steps: [${before}] → [${after}]`);
  return differences;
}

function describeDevice(device: PlannedDevice): string {
  return device.serialNumber === null ? device.id : `${device.serialNumber} (${device.id})`;
}

/** `wipe` or `wipe {"persistEsimDataPlan":true}`. */
export function describeStep(step: Pick<PlanStep, "action" | "parameters">): string {
  return Object.keys(step.parameters).length === 0 ? step.action : `${step.action} ${canonicalJson(step.parameters)}`;
}

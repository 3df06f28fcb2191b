import type { Acknowledgement } from "./actions/action-table.ts";
import { DAY_MS } from "./day.ts";
import type { SourceLocation } from "./diagnostic.ts";
import type { JsonObject } from "./json.ts";

/**
 * How a request names its device. The keys that are present choose the Graph path; the loader lets
 * only legal combinations through.
 */
export interface DeviceSelector {
  readonly id?: string;
  readonly serialNumber?: string;
  readonly deviceName?: string;
  /** Object id or user principal name of the device's user. */
  readonly user?: string;
  /** Id of a detected app that the device has. */
  readonly detectedApp?: string;
  readonly deviceRunState?: { readonly script: string; readonly runState: string };
}

/**
 * One step as written: `wipe`, `{ wipe: { … } }` or `{ waitFor: done }` (then `parameters` is `{
 * state: "done" }`).
 */
export interface StepSpec {
  readonly action: string;
  readonly parameters: JsonObject;
}

/**
 * Named steps, built in or from `playbooks/`; `destroysData` is what it declares, which is checked
 * against its steps.
 */
export interface Playbook {
  readonly name: string;
  readonly description: string;
  readonly steps: readonly StepSpec[];
  readonly destroysData: boolean;
}

/** One request after expansion: one device, its steps spelled out, every field checked for form. */
export interface LifecycleRequest {
  /** Unique over all files; `NAME/serial` after expansion. */
  readonly name: string;
  readonly generation: number;
  readonly device: DeviceSelector;
  /**
   * Name of the playbook that the steps came from; null when the request has `steps` of its own.
   */
  readonly playbook: string | null;
  readonly steps: readonly StepSpec[];
  readonly reason: string;
  readonly ticket: string | null;
  /** `YYYY-MM-DD`; the request runs until the end of that day, UTC. */
  readonly expires: string | null;
  readonly acknowledge: readonly Acknowledgement[];
  /** Name of the older request whose destructive intent on this device may be repeated. */
  readonly repeats: string | null;
  readonly onDrift: "report" | "repeat";
  readonly source: SourceLocation;
  /**
   * Where single keys stand, for diagnostics that need the device or the ledger. A key that is
   * absent stands at `source`.
   */
  readonly places: Readonly<Partial<Record<RequestKey, SourceLocation>>>;
}

/** Keys of a request in YAML that a diagnostic can point at. */
export type RequestKey = "device" | "playbook" | "steps" | "expires" | "acknowledge" | "repeats" | "generation" | "onDrift";

/** The ledger's key of a request: the same over all runs, `NAME#generation`. */
export function requestKey(request: Pick<LifecycleRequest, "name" | "generation">): string {
  return `${request.name}#${request.generation}`;
}

/** The same for all members of a list in one generation. */
export function listKeyOf(key: string): string {
  return `${listName(requestNameOf(key))}${key.slice(key.lastIndexOf("#"))}`;
}

/** The request's name in a key of the ledger. */
export function requestNameOf(key: string): string {
  return key.slice(0, key.lastIndexOf("#"));
}

/** The name that the file has: without the device that expansion adds to it. */
export function listName(name: string): string {
  return name.split("/", 1)[0] ?? name;
}

/**
 * Whether `repeats: OLD` means the older request: itself, or the one of its list for the device in
 * question.
 */
export function isRepeated(repeats: string | null, older: string): boolean {
  return repeats !== null && (repeats === older || repeats === listName(older));
}

/** Milliseconds of the first instant at which the request is expired, or null. */
export function expiryInstant(expires: string | null): number | null {
  if (expires === null) return null;
  return Date.parse(`${expires}T00:00:00Z`) + DAY_MS;
}

import type { Acknowledgement } from "../domain/actions/action-table.ts";
import type { JsonObject, JsonValue } from "../domain/json.ts";
import type { DeviceSelector, LifecycleRequest } from "../domain/request.ts";

/** A request as its schema describes it, before expansion. */
export interface RequestFields {
  readonly name: string;
  readonly generation: number;
  readonly device: DeviceSelector;
  readonly devices: readonly DeviceSelector[];
  readonly devicesFrom: string;
  readonly playbook: string;
  readonly steps: readonly StepField[];
  readonly reason: string;
  readonly ticket: string;
  readonly expires: string;
  readonly acknowledge: readonly Acknowledgement[];
  readonly repeats: string;
  readonly onDrift: LifecycleRequest["onDrift"];
}

/** A playbook as its schema describes it. */
export interface PlaybookFields {
  readonly name: string;
  readonly description: string;
  readonly destroysData: boolean;
  readonly steps: readonly StepField[];
}

/** `wipe`, `{ wipe: { … } }` or `{ waitFor: done }`. */
export type StepField = string | Readonly<Record<string, JsonObject | JsonValue>>;

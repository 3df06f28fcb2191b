import { destroysData, type RemoteAction } from "../../providers/domain/actions/action-table.ts";
import { isSupervisedApple, type ManagedDevice } from "../../providers/domain/managed-device.ts";
import type { Job } from "../../providers/engine/job.ts";
import { deviceFor, neededParameters } from "../support/action-samples.ts";
import { WINDOWS } from "../support/fakes-devices.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";

/** Who does what to which device in a row. */
export interface Subject {
  readonly name: string;
  readonly action: RemoteAction;
  readonly device: ManagedDevice;
  /** The action, after the escrow of the bypass code where the rules want it. */
  readonly job: Job;
}

/** As the client reads it. */
const ENROLLED = "2026-01-05T08:00:00.000Z";

/**
 * An action on a device of its first platform, or on the one given; `between` comes after the
 * escrow and before the action.
 */
export function subject(action: RemoteAction, given: ManagedDevice = deviceFor(action), between: readonly string[] = []): Subject {
  const device = { ...given, enrolledDateTime: ENROLLED };
  const steps = [
    ...(guardsCode({ action, device }) ? ["escrowBypassCode"] : []),
    ...between,
    { action: action.name, parameters: neededParameters(action) },
  ];
  const request = lifecycleRequest(steps, { device: { id: device.id }, expires: "2099-12-31", acknowledge: [...action.demands] });
  return { name: `${action.name} (${device.operatingSystem})`, action, device, job: jobOf(request, device) };
}

/** Destroys the bypass code of a device that Activation Lock can hold. */
export function guardsCode({ action, device }: Pick<Subject, "action" | "device">): boolean {
  return destroysData(action.name) && isSupervisedApple(device);
}

/** Another device in the same run, whose fate no fault of the first may touch. */
export const BYSTANDER: ManagedDevice = {
  ...WINDOWS,
  id: "00000000-0000-4000-8000-0000000000ff",
  serialNumber: "BYSTANDER1",
  isSupervised: false,
  enrolledDateTime: ENROLLED,
};

export const BYSTANDER_JOB = jobOf(lifecycleRequest(["syncDevice"], { name: "bystander", device: { id: BYSTANDER.id } }), BYSTANDER);

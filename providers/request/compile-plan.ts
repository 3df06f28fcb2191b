import type { Plan, PlannedDevice } from "../domain/plan.ts";
import { type LifecycleRequest, requestKey } from "../domain/request.ts";
import { devicePathOf } from "./device-path.ts";

/**
 * What is to be sent for a request, once its device is known. Pure: the same files and device
 * always give the same plan.
 */
export function compilePlan(request: LifecycleRequest, device: PlannedDevice): Plan {
  const { id, serialNumber, enrolledDateTime } = device;
  return {
    key: requestKey(request),
    playbook: request.playbook,
    device: { id, serialNumber, enrolledDateTime },
    path: devicePathOf(request.device),
    steps: request.steps.map(({ action, parameters }, index) => ({ index, action, parameters })),
  };
}

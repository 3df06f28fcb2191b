import type { DriftLook } from "../../../domain/drift.ts";
import { GraphReadError, NotVisibleError } from "../../../domain/errors.ts";
import { isGenericSerial, type ManagedDevice, normalizeSerial } from "../../../domain/managed-device.ts";
import { deviceReference } from "../../../domain/plan.ts";
import type { DeviceDirectory } from "../../../domain/ports.ts";
import type { LifecycleOutputs } from "../../state.ts";

/** What the return of a device is seen with. */
export interface ReturnSights {
  readonly directory: Pick<DeviceDirectory, "observe">;
  /** Every device of the tenant, read once in a run. Throws `GraphReadError`. */
  readonly everyDevice: () => Promise<readonly ManagedDevice[]>;
}

/**
 * Whether a device that was wiped, retired or deleted is enrolled again, under its id or another.
 * What is not shown says nothing: it was to leave.
 */
export async function lookAtReturn(state: LifecycleOutputs, sights: ReturnSights): Promise<readonly DriftLook[]> {
  const own = await sights.directory.observe(deviceReference(state.plan)).catch(orError);
  if (own instanceof GraphReadError) return isAnswer(own) ? [] : throwOn(own);
  const all = own === null ? await sights.everyDevice().catch(orError) : [own];
  if (all instanceof GraphReadError) return [];
  const back = all.filter((device) => isSame(device, state) && isAfter(device.enrolledDateTime, state));
  return [{ about: "device", found: back.length === 0 ? null : cameBack(back) }];
}

function isAnswer(error: GraphReadError): boolean {
  return error instanceof NotVisibleError || error.status !== null;
}

/** Graph cannot be reached: nothing can be looked at. */
function throwOn(error: GraphReadError): never {
  throw error;
}

function orError(error: unknown): GraphReadError {
  if (error instanceof GraphReadError) return error;
  throw error;
}

function isSame({ id, serialNumber }: ManagedDevice, { plan: { device } }: LifecycleOutputs): boolean {
  if (id.toLowerCase() === device.id.toLowerCase()) return true;
  if (serialNumber === null || device.serialNumber === null || isGenericSerial(device.serialNumber)) return false;
  return normalizeSerial(serialNumber) === normalizeSerial(device.serialNumber);
}

/** Enrolled since the last step was done: an older object of the same device is no return. */
function isAfter(enrolled: string | null, { plan, steps }: LifecycleOutputs): boolean {
  const before = [plan.device.enrolledDateTime, ...steps.map(({ sentAt }) => sentAt)].flatMap((at) =>
    at === null ? [] : [Date.parse(at)],
  );
  return enrolled !== null && before.length > 0 && before.every((at) => Date.parse(enrolled) > at);
}

function cameBack(devices: readonly ManagedDevice[]): NonNullable<DriftLook["found"]> {
  const where = devices.map(({ id, enrolledDateTime }) => `under the id ${id} since ${enrolledDateTime}`).join(", ");
  return { kind: "CameBack", message: `the device is enrolled again, ${where}` };
}

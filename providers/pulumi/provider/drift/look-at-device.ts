import { assertNever } from "../../../domain/assert-never.ts";
import type { DriftLook } from "../../../domain/drift.ts";
import { GraphReadError, NotVisibleError } from "../../../domain/errors.ts";
import { type ManagedDevice, normalizeSerial } from "../../../domain/managed-device.ts";
import { deviceReference } from "../../../domain/plan.ts";
import type { Ports } from "../../../domain/ports.ts";
import type { LifecycleOutputs } from "../../state.ts";

/** What a device is looked at with. */
export type DeviceSights = Pick<Ports, "directory" | "fingerprint" | "clock">;

/** When an earlier refresh missed the device; how long that has to last before it counts. */
interface Missing {
  readonly missedAt: number | null;
  readonly goneAfterMs: number;
}

type Found = NonNullable<DriftLook["found"]>;

/** Whether the device is there, is the one of the plan, and has the code that was escrowed. */
export async function lookAtDevice(state: LifecycleOutputs, ports: DeviceSights, missing: Missing): Promise<readonly DriftLook[]> {
  const looked = (await ports.directory.observe(deviceReference(state.plan)).catch(notVisible)) ?? (await lookAgain(state, ports, missing));
  const found = "kind" in looked ? looked : compare(looked, state);
  if (found !== null) return [{ about: "device", found }];
  const here: DriftLook = { about: "device", found: null };
  return [here, ...(await lookAtCode(state, ports))];
}

function compare(device: ManagedDevice, { plan, request }: LifecycleOutputs): Found | null {
  const [serial, planned] = [device.serialNumber, plan.device.serialNumber];
  if (serial !== null && planned !== null && normalizeSerial(serial) !== normalizeSerial(planned))
    return { kind: "Replaced", message: `the device's id has serial number ${serial} now, and the request was done on ${planned}` };
  const [now, then] = [device.enrolledDateTime, plan.device.enrolledDateTime];
  if (now === null && then !== null) return hidden("Graph does not tell when the device was enrolled");
  if (now === null || then === null || now === then) return null;
  return {
    kind: "EnrolledAnew",
    message: `the device was enrolled anew at ${now}; generation: ${request.generation + 1} does the request again`,
  };
}

/**
 * The refresh that finds the device missing for the first time cannot tell; one that comes some
 * time later looks closely.
 */
async function lookAgain(
  { plan, request }: LifecycleOutputs,
  { directory, clock }: DeviceSights,
  { missedAt, goneAfterMs }: Missing,
): Promise<ManagedDevice | Found> {
  if (missedAt === null || clock.now() - missedAt < goneAfterMs)
    return unknown("NotKnown", "Graph says that it does not know the device, and one look is no proof that it left Intune");
  const answer = await directory.lookForGone(deviceReference(plan), plan.device.serialNumber).catch(notVisible);
  switch (answer.kind) {
    case "NotVisible":
      return answer;
    case "there":
      return answer.device;
    case "listed":
      return hidden(`Graph says that it does not know the device, and ${answer.detail}`);
    case "gone": {
      if (answer.elsewhere.length === 0) return { kind: "LeftIntune", message: "the device is not in Intune any more" };
      const ids = answer.elsewhere.join(", ");
      const next = `generation: ${request.generation + 1} does the request again`;
      return {
        kind: "EnrolledElsewhere",
        message: `the device left Intune, and its serial number is enrolled anew, under the id ${ids}; ${next}`,
      };
    }
    default:
      return assertNever(answer);
  }
}

/** Drift that cannot be told: the device may be as it was. */
function unknown<K extends "NotKnown" | "NotVisible">(kind: K, what: string): { readonly kind: K; readonly message: string } {
  return { kind, message: `${what}; this identity may not see it (scope tags of its role), and the next refresh looks again` };
}

function hidden(what: string): { readonly kind: "NotVisible"; readonly message: string } {
  return unknown("NotVisible", what);
}

/** An answer that is an error is about this device; without any, nothing can be looked at. */
function notVisible(error: unknown): { readonly kind: "NotVisible"; readonly message: string } {
  if (error instanceof NotVisibleError) return hidden(error.message);
  if (error instanceof GraphReadError && error.status !== null)
    return { kind: "NotVisible", message: `${error.message}; the next refresh looks again` };
  throw error;
}

/**
 * A device makes a new code when it is set up, restored, or when Find My is turned on again. A code
 * that is not shown any more is no other one.
 */
async function lookAtCode(state: LifecycleOutputs, ports: DeviceSights): Promise<readonly DriftLook[]> {
  const known = state.bypassCode?.fingerprint ?? null;
  if (known === null) return [];
  const code = await ports.directory.readBypassCode(deviceReference(state.plan)).catch(notVisible);
  if (code === null) return [];
  if ("kind" in code) return [{ about: "bypassCode", found: code }];
  if (ports.fingerprint(code) === known) return [{ about: "bypassCode", found: null }];
  const message = "the device has another Activation Lock bypass code than the escrowed one";
  return [{ about: "bypassCode", found: { kind: "BypassCodeChanged", message } }];
}

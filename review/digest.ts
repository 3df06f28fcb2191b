import { createHash } from "node:crypto";
import { canonicalJson, type JsonObject } from "../providers/domain/json.ts";
import type { Plan } from "../providers/domain/plan.ts";

/** SHA-256 in hex. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Names what will be sent: the request's key, the device's id, serial number and enrolment, the
 * path to it, and the steps with their parameters.
 */
export function digestOf({ key, device, path, steps }: Omit<Plan, "playbook">): string {
  const { id, serialNumber, enrolledDateTime } = device;
  const sent = {
    key,
    device: { id, serialNumber, enrolledDateTime },
    path: { ...path },
    steps: steps.map(({ action, parameters }) => ({ action, parameters })),
  };
  return sha256(canonicalJson(sent satisfies JsonObject));
}

import { type Acknowledgement, destroysData, findRemoteAction, isRepeatable } from "../../domain/actions/action-table.ts";
import type { Diagnostic } from "../../domain/diagnostic.ts";
import type { StepSpec } from "../../domain/request.ts";
import { listed } from "../../support/words.ts";
import { exampleDate } from "../explain/example-date.ts";
import type { RequestFields } from "../fields.ts";
import type { Entry } from "./check-shape.ts";

/**
 * What the steps of a request ask of the rest of it: `expires`, `acknowledge`, a device that is
 * named safely, no repetition on drift.
 */
export function checkDemands(entry: Entry<RequestFields>, steps: readonly StepSpec[]): readonly Diagnostic[] {
  const destroyers = steps.map((step) => step.action).filter(destroysData);
  const destructive = destroyers.length === 0 ? [] : [...checkExpires(entry, destroyers), ...checkNaming(entry, destroyers)];
  return [...destructive, ...checkAcknowledge(entry, steps), ...checkDrift(entry, steps)];
}

function checkExpires({ file, node }: Entry<RequestFields>, destroyers: readonly string[]): readonly Diagnostic[] {
  if (node.entries.has("expires")) return [];
  const message = `expires is missing: ${listed(destroyers, "and")} destroys data`;
  return [file.mistake("DLR202", node.offset, message, `write the last day on which it may run, for example expires: ${exampleDate()}`)];
}

function checkAcknowledge({ file, node, fields }: Entry<RequestFields>, steps: readonly StepSpec[]): readonly Diagnostic[] {
  const written = node.entries.get("acknowledge");
  if (written !== undefined && fields.acknowledge === undefined) return [];
  const given = fields.acknowledge ?? [];
  const missing = demandsOf(steps).filter((word) => !given.includes(word));
  if (missing.length === 0) return [];
  const why = missing.map((word) => `${word} (${MEANINGS[word]})`);
  const whole = [...given, ...missing].join(", ");
  const offset = written?.value.offset ?? node.offset;
  return [file.mistake("DLR203", offset, `the steps demand ${listed(why, "and")}`, `if that is so, write acknowledge: [${whole}]`)];
}

/** The words that a request with these steps has to acknowledge. */
export function demandsOf(steps: readonly StepSpec[]): readonly Acknowledgement[] {
  return [...new Set(steps.flatMap((step) => findRemoteAction(step.action)?.demands ?? []))];
}

/** What somebody agrees to with each word. */
export const MEANINGS: Readonly<Record<Acknowledgement, string>> = {
  dataLoss: "data on the device will be lost",
  physicalPossession: "you hold the device in your hands",
  personalDevice: "the company does not own the device",
  noBypassCode: "the device may stay locked",
};

/** Users can rename a device, and a script run may belong to another device tomorrow. */
function checkNaming({ file, node, fields }: Entry<RequestFields>, destroyers: readonly string[]): readonly Diagnostic[] {
  const device = node.entries.get("device")?.value;
  if (device?.kind !== "map" || fields.device === undefined) return [];
  const { serialNumber, id } = fields.device;
  if (serialNumber !== undefined || id !== undefined) return [];
  const key = fields.device.deviceName === undefined ? "deviceRunState" : "deviceName";
  const offset = device.entries.get(key)?.keyOffset ?? device.offset;
  const message = `${key} alone does not name a device safely enough for ${listed(destroyers, "and")}`;
  return [file.mistake("DLR204", offset, message, "name the device by serialNumber or id")];
}

function checkDrift({ file, node, fields }: Entry<RequestFields>, steps: readonly StepSpec[]): readonly Diagnostic[] {
  if (fields.onDrift !== "repeat") return [];
  const unsafe = [...new Set(steps.map((step) => step.action).filter((action) => !isRepeatable(action)))];
  if (unsafe.length === 0) return [];
  const offset = node.entries.get("onDrift")?.value.offset ?? node.offset;
  return [
    file.mistake(
      "DLR206",
      offset,
      `${listed(unsafe, "and")} cannot be repeated safely`,
      "write onDrift: report; generation: 2 repeats a request on purpose",
    ),
  ];
}

import { findRemoteAction, type RemoteAction } from "../domain/actions/action-table.ts";
import type { Diagnostic } from "../domain/diagnostic.ts";
import type { JsonObject, JsonValue } from "../domain/json.ts";
import { normalizeSerial } from "../domain/managed-device.ts";
import type { StepSpec } from "../domain/request.ts";
import { quoted } from "../support/words.ts";
import type { Entry } from "./checks/check-shape.ts";
import type { NamedDevice } from "./expand-request.ts";
import { explainAbsent, explainFixed } from "./explain/explain-own.ts";
import { schemaHint } from "./explain/schema-hint.ts";
import type { RequestFields } from "./fields.ts";
import { mistakeAt, type Place } from "./files/source-file.ts";
import { findSchemaErrors } from "./schema/find-schema-errors.ts";
import { entryOf, itemsOf } from "./yaml/yaml-node.ts";

/** The steps of each device of a list, with its own values filled in. */
export interface OwnSteps {
  /** The steps of each device, in the order of the devices. */
  readonly steps: readonly (readonly StepSpec[])[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The steps of a request as each of its devices gets them: what belongs to one device comes from
 * its row or from its serial number.
 */
export function ownSteps(entry: Entry<RequestFields>, steps: readonly StepSpec[], devices: readonly NamedDevice[]): OwnSteps {
  const general = steps.flatMap((step, index) => checkGeneral(entry, step, index, devices));
  if (general.length > 0 || !steps.some(isOwn)) return { steps: devices.map(() => steps), diagnostics: general };
  const diagnostics: Diagnostic[] = [];
  const taken = new Map<string, number>();
  const own = devices.map((device) =>
    steps.map((step) => {
      const parameters = parametersFor(step, device);
      diagnostics.push(...checkOwn({ ...step, parameters }, step, device, taken));
      return { ...step, parameters };
    }),
  );
  return { steps: own, diagnostics };
}

/** `{{serialnumber}}`, and whatever else stands in such braces. */
const VARIABLE = /\{\{\s*([^{}]*?)\s*\}\}/g;

function isOwn(step: StepSpec): boolean {
  return missingOf(step).length > 0 || variablesOf(step.parameters).length > 0;
}

/** Parameters of one device that the step does not spell out. */
function missingOf({ action, parameters }: StepSpec): readonly string[] {
  return (findRemoteAction(action)?.ofOneDevice ?? []).filter((name) => parameters[name] === undefined);
}

function variablesOf(parameters: JsonObject): readonly string[] {
  return Object.values(parameters).flatMap((value) =>
    typeof value === "string" ? [...value.matchAll(VARIABLE)].map((match) => match[1] ?? "") : [],
  );
}

/** What is wrong for every device alike: said once, at the step. */
function checkGeneral(entry: Entry<RequestFields>, step: StepSpec, index: number, devices: readonly NamedDevice[]): readonly Diagnostic[] {
  const action = findRemoteAction(step.action);
  if (action === undefined) return [];
  const place = placeOf(entry, index);
  const unknown = variablesOf(step.parameters).find((name) => !isSerialVariable(name));
  if (unknown !== undefined) {
    const message = `${quoted(`{{${unknown}}}`)} is not known here`;
    return [mistakeAt(place, "DLR021", message, "{{serialnumber}} stands for the device's serial number; write all else out")];
  }
  const absent = missingOf(step).filter((name) => !devices.some((device) => device.cells?.has(name)));
  if (absent.length > 0 && devices.length > 0) return [explainAbsent(entry, place, action, absent)];
  const fixed = (action.ofOneDevice ?? []).filter((name) => isFixed(step.parameters[name]));
  return devices.length < 2 || fixed.length === 0 ? [] : [explainFixed(entry, place, action, { fixed, devices: devices.length })];
}

function isFixed(value: JsonValue | undefined): boolean {
  return value !== undefined && variablesOf({ value }).length === 0;
}

function parametersFor(step: StepSpec, { selector, cells }: NamedDevice): JsonObject {
  const serial = selector.serialNumber === undefined ? null : normalizeSerial(selector.serialNumber);
  const written = Object.entries(step.parameters).map(([name, value]) => [name, serial === null ? value : expand(value, serial)]);
  const fromRow = missingOf(step).map((name) => [name, cells?.get(name)?.value ?? ""]);
  return Object.fromEntries([...written, ...fromRow]) as JsonObject;
}

function expand(value: JsonValue, serial: string): JsonValue {
  return typeof value === "string" ? value.replaceAll(VARIABLE, (whole, name: string) => (isSerialVariable(name) ? serial : whole)) : value;
}

function isSerialVariable(name: string): boolean {
  return name.toLowerCase() === "serialnumber";
}

/** What is wrong for this device: said at its row. `taken` remembers the line of each value. */
function checkOwn(step: StepSpec, written: StepSpec, device: NamedDevice, taken: Map<string, number>): readonly Diagnostic[] {
  const action = findRemoteAction(step.action);
  if (action === undefined || !isOwn(written)) return [];
  if (variablesOf(step.parameters).length > 0) {
    const message = "{{serialnumber}} needs the serial number, and this device is named otherwise";
    return [mistakeAt(device.place, "DLR021", message, "name it by serialNumber, or write the value out")];
  }
  const fromRow = missingOf(written).flatMap((name) => checkCell(action, name, device, taken));
  if (fromRow.length > 0) return fromRow;
  return findSchemaErrors(action.parameters, step.parameters).map(({ instancePath, parentSchema }) => {
    const name = instancePath.slice(1);
    const place = device.cells?.get(name)?.place;
    const message = `${JSON.stringify(step.parameters[name] ?? null).slice(0, 64)} has not the form of ${name}`;
    return mistakeAt(
      missingOf(written).includes(name) && place !== undefined ? place : device.place,
      "DLR021",
      message,
      schemaHint(parentSchema, [name]),
    );
  });
}

function checkCell(action: RemoteAction, name: string, { cells, place }: NamedDevice, taken: Map<string, number>): readonly Diagnostic[] {
  const cell = cells?.get(name);
  const at = cell?.place ?? place;
  const value = cell?.value ?? "";
  if (value === "") return [mistakeAt(at, "DLR022", `this row has no ${name} for ${action.name}`, `write the ${name}, or delete the row`)];
  const key = `${action.name} ${name} ${value.toLowerCase()}`;
  const first = taken.get(key);
  if (first === undefined) {
    taken.set(key, at.file.locate(at.offset).line);
    return [];
  }
  return [mistakeAt(at, "DLR023", `the ${name} ${quoted(value)} stands in line ${first} already`, "give each device its own")];
}

/** The parameter's step where it is written, or the playbook that has it. */
function placeOf({ file, node }: Entry<RequestFields>, index: number): Place {
  const item = itemsOf(entryOf(node, "steps")?.value)[index];
  return { file, offset: item?.offset ?? entryOf(node, "playbook")?.value.offset ?? node.offset };
}

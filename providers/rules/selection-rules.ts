import type { GraphReadError } from "../domain/errors.ts";
import { describeDevice, type ManagedDevice, normalizeSerial } from "../domain/managed-device.ts";
import { type Plan, planDifferences } from "../domain/plan.ts";
import type { DeviceSelector } from "../domain/request.ts";
import type { BegunRecord } from "../domain/request-record.ts";
import { codePointOf, findLookAlike } from "../support/look-alikes.ts";
import type { Finding, RuleText } from "./rule.ts";

/**
 * Rules about which device a request means, asked by the program alone: the engine has one plan for
 * one device.
 */
const OF_THE_PROGRAM = { outcome: "failed", asked: ["program"] } as const;

/**
 * A selector that finds nothing is most often misspelt; a run that passed it over would look
 * complete.
 */
export const noDeviceRule: RuleText = {
  ...OF_THE_PROGRAM,
  id: "no-device",
  code: "DLR301",
  reason: "NoDevice",
  key: "device",
  when: "no device in Intune fits the request, or this identity may not see it",
  goOn: "check the spelling, that the device is still enrolled, and the scope tags of the identity's role",
};

/** A serial number or a name can be enrolled twice, and the program never picks one of them. */
export const severalDevicesRule: RuleText = {
  ...OF_THE_PROGRAM,
  id: "several-devices",
  code: "DLR302",
  reason: "SeveralDevices",
  key: "device",
  when: "more than one device in Intune fits the request",
  goOn: "name the one device by its id",
};

/** A device that could not be read may be another than the one that was reviewed. */
export const unreadableDeviceRule: RuleText = {
  ...OF_THE_PROGRAM,
  id: "unreadable-device",
  code: "DLR311",
  reason: "GraphNotReadable",
  key: "device",
  when: "Graph answers with an error, or with what cannot be understood, when it is asked for the device of a request that is not begun",
  goOn: "what the answer says; or run it again later",
};

/** Two wipes of one device in one run are a mistake in the files, whichever comes first. */
export const sameDeviceRule: RuleText = {
  ...OF_THE_PROGRAM,
  id: "same-device",
  code: "DLR205",
  reason: "TwoDestructiveRequests",
  key: "device",
  when: "two requests that are not ended would destroy data on one device",
  goOn: "keep one of the two",
};

/**
 * Steps that were sent cannot be taken back, so a begun request is edited only as a new
 * `generation`.
 */
export const frozenPlanRule: RuleText = {
  ...OF_THE_PROGRAM,
  id: "frozen-plan",
  code: "DLR401",
  reason: "PlanChanged",
  asked: ["begun"],
  key: "generation",
  when: "device, playbook, path or steps of a request were edited after it was begun",
  goOn: "undo the edit, or write the next `generation`",
};

const SHOWN = 10;

/** The hint for an id names scope tags, the one for any other selector its spelling. */
export function judgeNone(selector: DeviceSelector): Finding {
  const message = `no device in Intune has ${describeSelector(selector)}`;
  const { id, serialNumber = "", deviceName = "" } = selector;
  if (id !== undefined)
    return {
      message,
      hint: "see that the id is Intune's and not one of Entra's, that the device is still enrolled, and that this identity may see it (scope tags of its role)",
    };
  const hint = scannedHint(serialNumber) ?? nameHint(deviceName) ?? "check the spelling";
  return { message, hint: `${hint}, and that the device is still enrolled` };
}

/**
 * Bar codes on boxes say what they are before what it is: `S` before a serial number, `1S` and the
 * model before one of Lenovo's.
 */
function scannedHint(serial: string): string | undefined {
  const scanned = normalizeSerial(serial);
  const found = /^S([A-Z0-9]{10,12})$/.exec(scanned) ?? /^1S[A-Z0-9]{10}([A-Z0-9]{8})$/.exec(scanned);
  if (found === null) return undefined;
  return `check the spelling; a scanned bar code has more in front than the serial number: look whether it is ${found[1]}`;
}

/**
 * Apple names devices with a typographic apostrophe, which people type as a straight one; other
 * signs come in by copying.
 */
function nameHint(name: string): string | undefined {
  const sign = findLookAlike(name);
  if (sign !== null)
    return `check the spelling: the name here holds ${codePointOf(sign.character)}, which looks like ${sign.looksLike === " " ? "a space" : sign.looksLike}`;
  return name.includes("'") ? "check the spelling: Apple writes ’ (U+2019) for the apostrophe in names" : undefined;
}

/** A device that cannot be read may be the one that is meant, or one of two. */
export function judgeUnreadable(selector: DeviceSelector, { message, hint }: GraphReadError): Finding {
  return {
    message: `the device with ${describeSelector(selector)} cannot be read: ${message}`,
    hint: hint === "" ? "run it again later, or leave the request out until then" : hint,
  };
}

/**
 * Puts the device that Intune saw last first, then the one enrolled last: of several records of one
 * device it is most likely the current one.
 */
export function judgeSeveral(selector: DeviceSelector, found: readonly ManagedDevice[]): Finding {
  const newest = [...found].sort(
    (a, b) => instant(b.lastSyncDateTime) - instant(a.lastSyncDateTime) || instant(b.enrolledDateTime) - instant(a.enrolledDateTime),
  );
  const list = newest.slice(0, SHOWN).map(describeRecord).join("; ");
  const more = found.length > SHOWN ? `; and ${found.length - SHOWN} more` : "";
  return {
    message: `${found.length} devices have ${describeSelector(selector)}: ${list}${more}`,
    hint: `look which one is meant, and name it by its id; the one that Intune saw last: device: { id: ${newest[0]?.id} }`,
  };
}

/** A date that is absent or cannot be read is older than any. */
function instant(date: string | null): number {
  const time = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? 0 : time;
}

function describeRecord(device: ManagedDevice): string {
  const { lastSyncDateTime, enrolledDateTime } = device;
  return `${describeDevice(device)}, seen ${lastSyncDateTime ?? "never"}, enrolled ${enrolledDateTime ?? "unknown"}`;
}

/**
 * Refuses an edit of a begun request: it goes on as it was reviewed, neither with the edit nor
 * without a word.
 */
export function judgeFrozenPlan(
  request: { readonly name: string; readonly generation: number; readonly device: DeviceSelector },
  begun: BegunRecord,
  today: Plan,
): Finding | null {
  const differences = [...planDifferences(begun.plan, today), ...selectorDifference(request.device, begun)];
  if (differences.length === 0) return null;
  return {
    message: `request ${request.name} was begun with another plan, and a begun plan never changes: ${differences.join("; ")}`,
    hint: `undo the edit, or write generation: ${request.generation + 1} to do the request again in its new form`,
  };
}

/**
 * Compares with the device as it was when the request began: its user may have renamed it since.
 */
function selectorDifference(selector: DeviceSelector, { plan, device }: BegunRecord): readonly string[] {
  const { id, serialNumber, deviceName } = selector;
  const differs =
    (id !== undefined && id.toLowerCase() !== plan.device.id.toLowerCase()) ||
    (serialNumber !== undefined && normalizeSerial(serialNumber) !== normalizeSerial(plan.device.serialNumber ?? "")) ||
    (deviceName !== undefined && deviceName.toLowerCase() !== (device.deviceName ?? "").toLowerCase());
  return differs ? [`device: ${plan.device.serialNumber ?? plan.device.id} → ${describeSelector(selector)}`] : [];
}

function describeSelector(selector: DeviceSelector): string {
  return Object.entries(selector)
    .map(([key, value]) => (typeof value === "string" ? `${key} ${value}` : `${key} ${value.script}/${value.runState}`))
    .join(" and ");
}

import type { PolicyForm } from "../../domain/lock-policy.ts";
import type { DevicePath, DeviceReference } from "../../domain/plan.ts";

/**
 * Every path to Graph is built here. What comes from people or from Graph fills one segment or one
 * query value and can never become more than that.
 */

const MANAGED = "/deviceManagement/managedDevices";
const APPS = "/deviceManagement/detectedApps";
const SCRIPTS = "/deviceManagement/deviceManagementScripts";

/** Takes up to 20 requests in one: https://learn.microsoft.com/graph/json-batching */
export const BATCH_PATH = "/$batch";

/** The list of all devices that the identity may see. */
export const DEVICES_PATH = MANAGED;

/**
 * Separators, the escape character and controls: some servers decode a path twice, so encoding
 * alone would not keep them harmless.
 */
const NOT_IN_A_SEGMENT = /[/\\%?#\p{Cc}\p{Cs}]/u;

/** A guest's user principal name holds `#EXT#`, so `#` may stand there. */
const NOT_IN_A_USER = /[/\\%?\p{Cc}\p{Cs}]/u;

const LONGEST_SEGMENT = 512;

/**
 * True for text that can stand as one segment of a path. Nothing that names an object of Graph's is
 * refused.
 */
function isSegment(text: string, forbidden: RegExp = NOT_IN_A_SEGMENT): boolean {
  return text !== "" && text !== "." && text !== ".." && text.length <= LONGEST_SEGMENT && !forbidden.test(text);
}

/** True when every part of the path, and the id, can stand in an address. */
export function isAddressable(path: DevicePath, id?: string): boolean {
  if (id !== undefined && !isSegment(id)) return false;
  switch (path.kind) {
    case "managedDevices":
      return true;
    case "user":
      return isSegment(path.user, NOT_IN_A_USER);
    case "detectedApp":
      return isSegment(path.detectedApp);
    case "detectedAppUser":
      return isSegment(path.detectedApp) && isSegment(path.user, NOT_IN_A_USER);
    case "deviceRunState":
      return isSegment(path.script) && isSegment(path.runState);
    case "deviceRunStateDetectedApp":
      return isSegment(path.script) && isSegment(path.runState) && isSegment(path.detectedApp);
  }
}

/**
 * The device by its path. Only for what `isAddressable` allows; throws `RangeError` for anything
 * else.
 */
export function devicePath({ path, id }: DeviceReference): string {
  if (!isAddressable(path, id)) throw new RangeError("a part of the device's path cannot stand in an address");
  switch (path.kind) {
    case "managedDevices":
      return `${MANAGED}/${encode(id)}`;
    case "user":
      return `/users/${encode(path.user)}/managedDevices/${encode(id)}`;
    case "detectedApp":
      return `${APPS}/${encode(path.detectedApp)}/managedDevices/${encode(id)}`;
    case "detectedAppUser":
      return `${APPS}/${encode(path.detectedApp)}/managedDevices/${encode(id)}/users/${encode(path.user)}/managedDevices/${encode(id)}`;
    case "deviceRunState":
      return runStatePath(path.script, path.runState);
    case "deviceRunStateDetectedApp":
      return `${runStatePath(path.script, path.runState)}/detectedApps/${encode(path.detectedApp)}/managedDevices/${encode(id)}`;
  }
}

/** The one device of a script's run: the only path that needs no device id. */
export function runStatePath(script: string, runState: string): string {
  return `${SCRIPTS}/${encode(script)}/deviceRunStates/${encode(runState)}/managedDevice`;
}

/** The list of the devices that have an app. */
export function appDevicesPath(detectedApp: string): string {
  return `${APPS}/${encode(detectedApp)}/managedDevices`;
}

/** Path of one action on the device, below Graph's version. */
export function actionPath(device: DeviceReference, action: string): string {
  return `${devicePath(device)}/${encode(action)}`;
}

/** Lists of the policies that may allow the Activation Lock. */
export const POLICY_LISTS: Readonly<Record<PolicyForm, string>> = {
  settingsCatalog: "/deviceManagement/configurationPolicies",
  deviceRestrictions: "/deviceManagement/deviceConfigurations",
};

/** One of them. Throws `RangeError` for an id that cannot stand in an address. */
export function policyPath(form: PolicyForm, id: string): string {
  if (!isSegment(id)) throw new RangeError("the id of the policy cannot stand in an address");
  return `${POLICY_LISTS[form]}/${encode(id)}`;
}

/** What a device reports of its policies. Throws `RangeError` as `devicePath` does. */
export function deviceStatesPath(id: string): string {
  return `${devicePath({ id, path: { kind: "managedDevices" } })}/deviceConfigurationStates`;
}

/** `$select` alone keeps its commas: the properties are ours. */
export function withQuery(
  path: string,
  query: { readonly select: readonly string[]; readonly filter?: string; readonly top?: number },
): string {
  const parts = [`$select=${query.select.map(encode).join(",")}`];
  if (query.filter !== undefined) parts.push(`$filter=${encode(query.filter)}`);
  if (query.top !== undefined) parts.push(`$top=${query.top}`);
  return `${path}?${parts.join("&")}`;
}

/** `serialNumber eq 'O''Brien'`: a quote inside a text is doubled. */
export function equalTo(property: "serialNumber" | "deviceName", value: string): string {
  return `${property} eq '${value.replaceAll("'", "''")}'`;
}

/** The approval requests with this id; it is one segment of plain characters already. */
export function approvalsPath(request: string): string {
  return `/deviceManagement/operationApprovalRequests?$filter=${encode(`requestId eq '${request}'`)}`;
}

/** The tenant's audit log of device management: who did what. */
export const AUDIT_EVENTS_PATH = "/deviceManagement/auditEvents";

/** Beta's list of the actions that were sent to devices. */
export const ACTION_AUDITS_PATH = "/deviceManagement/remoteActionAudits";

/** Entries of a list not older than the instant (milliseconds), by a time of theirs. */
export function sincePath(list: string, property: "activityDateTime" | "requestDateTime", instant: number): string {
  const time = `${new Date(instant).toISOString().slice(0, 19)}Z`;
  return `${list}?$filter=${encode(`${property} ge ${time}`)}`;
}

/**
 * `encodeURIComponent`, and the marks that it leaves alone although OData gives them a meaning in
 * paths.
 */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

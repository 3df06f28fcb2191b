import type { JsonObject, JsonValue } from "../../../providers/domain/json.ts";
import { visibleBypassCode } from "../actions/action-effects.ts";
import { actionResults, managementStateOf } from "../actions/action-progress.ts";
import type { GraphVersion } from "../graph-call.ts";
import { emptyValue, propertyNames } from "./device-properties.ts";
import type { DeviceState } from "./device-state.ts";

/** How a device is shown; `now` (milliseconds) decides which actions have ended by then. */
export interface View {
  readonly version: GraphVersion;
  /** Null: the default set. */
  readonly select: readonly string[] | null;
  readonly now: number;
  /** The bypass code reads as null, whatever it is: a fault. */
  readonly hideCode?: boolean;
}

/** A device as a GET by id answers it: the bypass code only where `$select` names it. */
export function singleView(device: DeviceState, view: View): JsonObject {
  const code = view.select?.includes("activationLockBypassCode") === true && view.hideCode !== true ? visibleBypassCode(device) : null;
  return pick(view, (name) => {
    if (name === "activationLockBypassCode") return code;
    if (name === "deviceActionResults") return actionResults(device, view.now);
    return propertyValue(device, name, view.now);
  });
}

/**
 * A device as a GET through a detected app answers it: the right id, and of the rest nothing, which
 * looks like facts.
 */
export function stubView(device: DeviceState, view: View): JsonObject {
  return pick(view, (name) => (name === "id" ? device.id : emptyValue(name)));
}

/** A device as a LIST answers it: never a bypass code, and no results of actions either. */
export function listView(device: DeviceState, view: View): JsonObject {
  return pick(view, (name) => {
    if (name === "activationLockBypassCode") return null;
    if (name === "deviceActionResults") return [];
    return propertyValue(device, name, view.now);
  });
}

/** The empty value of its type for a property that the device file does not have. */
export function propertyValue(device: DeviceState, name: string, now: number): JsonValue {
  if (name === "id") return device.id;
  if (name === "managementState") return managementStateOf(device, now) ?? device.properties[name] ?? emptyValue(name);
  return device.properties[name] ?? emptyValue(name);
}

function pick(view: View, value: (name: string) => JsonValue): JsonObject {
  return Object.fromEntries((view.select ?? propertyNames(view.version)).map((name) => [name, value(name)]));
}

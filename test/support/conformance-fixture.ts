import type { RemoteAction } from "../../providers/domain/actions/action-table.ts";
import type { JsonObject } from "../../providers/domain/json.ts";
import type { DevicePath, DeviceReference } from "../../providers/domain/plan.ts";
import { everyParameter, neededParameters } from "./action-samples.ts";

export const user = "j.doe@contoso.example";
export const detectedApp = "app-1";
export const script = "script-1";

/**
 * The place of each kind of path in this list is the number of the device that is reached by it.
 */
export const PATHS: readonly DevicePath[] = [
  { kind: "managedDevices" },
  { kind: "user", user },
  { kind: "detectedApp", detectedApp },
  { kind: "detectedAppUser", detectedApp, user },
  { kind: "deviceRunState", script, runState: "run-4" },
  { kind: "deviceRunStateDetectedApp", script, runState: "run-5", detectedApp },
];
const SERIALS = PATHS.map((_, index) => `CONFORM0000${index}`);

/** Devices on all paths, with everything that the paths go through. */
export const DEVICES = SERIALS.map((serialNumber, index) => ({
  serialNumber,
  deviceName: `Leeds iPad ${index}`,
  operatingSystem: "iPadOS",
  isSupervised: true,
  userPrincipalName: user,
  "x-emulator": { detectedApps: [{ id: detectedApp }], deviceRunStates: [{ script, runState: `run-${index}` }] },
}));

/** One call of an action. */
export interface ActionCase {
  readonly device: DeviceReference;
  readonly parameters: JsonObject;
}

/**
 * What is sent of an action: its least, and all that it can have, over each of the paths that the
 * description has it for.
 */
export function casesOf(
  description: Readonly<Record<string, unknown>>,
  action: RemoteAction,
  references: readonly DeviceReference[],
): readonly ActionCase[] {
  const parameters = distinct([neededParameters(action), everyParameter(action)]);
  return references
    .filter((device) => hasAction(description, action, device))
    .flatMap((device) => parameters.map((given) => ({ device, parameters: given })));
}

/**
 * Every action is described for five of the paths; for the sixth, only those of the documented
 * examples are.
 */
function hasAction(description: Readonly<Record<string, unknown>>, action: RemoteAction, { path }: DeviceReference): boolean {
  const owners: Readonly<Record<DevicePath["kind"], string>> = {
    managedDevices: MANAGED,
    user: "/users/{user-id}/managedDevices/{managedDevice-id}",
    detectedApp: `${APPS}/managedDevices/{managedDevice-id}`,
    detectedAppUser: `${APPS}/managedDevices/{managedDevice-id1}/users/{user-id}/managedDevices/{managedDevice-id}`,
    deviceRunState: RUN_STATE,
    deviceRunStateDetectedApp: `${RUN_STATE}/detectedApps/{detectedApp-id}/managedDevices/{managedDevice-id}`,
  };
  const { paths } = description as { readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
  const owner = `/${action.version}${owners[path.kind]}`;
  return paths[action.method === "DELETE" ? owner : `${owner}/${action.name}`]?.[action.method.toLowerCase()] !== undefined;
}

const MANAGED = "/deviceManagement/managedDevices/{managedDevice-id}";
const APPS = "/deviceManagement/detectedApps/{detectedApp-id}";
const RUN_STATE =
  "/deviceManagement/deviceManagementScripts/{deviceManagementScript-id}/deviceRunStates/{deviceManagementScriptDeviceState-id}/managedDevice";

function distinct<T>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

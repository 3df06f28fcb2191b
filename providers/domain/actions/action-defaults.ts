import type { CloudName } from "../cloud-name.ts";
import type { JsonObject } from "../json.ts";
import type { Platform } from "../managed-device.ts";
import type { ParameterSchema, RemoteAction } from "./remote-action.ts";

/**
 * What most actions need. For some actions of beta the reference names
 * `DeviceManagementManagedDevices.Read.All`; that a permission to read suffices to act is not
 * relied on: a step that is stopped before the first one is better than one refused half-way.
 */
const PRIVILEGED = "DeviceManagementManagedDevices.PrivilegedOperations.All";
const WRITE = "DeviceManagementManagedDevices.ReadWrite.All";

/** For actions that the reference documents with `ReadWrite.All`. */
export const WRITE_PERMISSION = { application: WRITE, delegated: WRITE };

/** Intune's pages say "iOS/iPadOS" of both, and Graph reports some iPads as `iOS`. */
export const APPLE_MOBILE = ["iOS", "iPadOS"] as const;

const NO_PARAMETERS: ParameterSchema = { type: "object", additionalProperties: false, properties: {} };

/** JSON Schema of an action's parameters; a name that is not in `properties` is refused. */
export function parameters(properties: JsonObject, required: readonly string[] = []): ParameterSchema {
  return { type: "object", additionalProperties: false, properties, ...(required.length === 0 ? {} : { required }) };
}

/** A parameter that is a mapping of its own, with what people may write for it. */
export function nested(properties: JsonObject, example: JsonObject, required: readonly string[] = []): JsonObject {
  return { ...parameters(properties, required), examples: [example] };
}

/** Text that Graph shows or uses as it is. */
export function text(description: string, example: string, maxLength: number): JsonObject {
  return { type: "string", pattern: "\\S", maxLength, description, examples: [example] };
}

/**
 * Names of results that are documented: the members of `remoteAction`, and the types derived from
 * `deviceActionResult`.
 */
export function reported(...names: readonly string[]): RemoteAction["result"] {
  return { kind: "reported", names };
}

/** What no published list of results knows: Graph takes it, and nothing can be waited for. */
export const UNREPORTED: RemoteAction["result"] = { kind: "none" };

/** https://learn.microsoft.com/graph/api/resources/intune-devices-manageddevice */
export function reference(page: string): string {
  return `https://learn.microsoft.com/graph/api/intune-devices-manageddevice-${page}`;
}

/** A page of Intune's own documentation, where platforms, versions and supervision are. */
export function intune(page: string): string {
  return `https://learn.microsoft.com/intune/${page}`;
}

/**
 * Graph's reference marks the pages of these actions as available in every cloud; what is not there
 * is the feature behind them, by the service description of the cloud.
 */
export const NOT_IN_US_GOVERNMENT = only(["global", "china"], "fundamentals/government-service");

/** Microsoft Intune operated by 21Vianet in China lacks some features; the page lists them. */
export const NOT_IN_CHINA = only(["global", "usGovernment", "usGovernmentDod"], "fundamentals/china");

function only(names: readonly CloudName[], page: string): NonNullable<RemoteAction["clouds"]> {
  return { only: names, source: intune(page) };
}

/**
 * An entry of the table starts from these and names only what differs; permissions are those of
 * most actions in Graph's reference.
 */
export const COMMON = {
  version: "v1.0",
  method: "POST",
  parameters: NO_PARAMETERS,
  supervisedOn: [] as readonly Platform[],
  destroysData: false,
  repeatable: false,
  permission: { application: PRIVILEGED, delegated: PRIVILEGED },
  dailyQuota: null,
  multiAdminApproval: false,
  demands: [],
} as const;

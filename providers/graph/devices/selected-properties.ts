import type { ManagedDevice } from "@microsoft/microsoft-graph-types-beta";

/**
 * Microsoft's own names.
 * https://learn.microsoft.com/graph/api/resources/intune-devices-manageddevice
 */
type PropertyName = keyof ManagedDevice;

/**
 * What is asked of a device in every read. Without `$select` Graph sends some ninety properties,
 * and none of the secrets.
 */
const DEVICE_PROPERTIES = [
  "id",
  "serialNumber",
  "deviceName",
  "operatingSystem",
  "osVersion",
  "isSupervised",
  "managedDeviceOwnerType",
  "managementState",
  "userPrincipalName",
  "userId",
  "deviceCategoryDisplayName",
  "manufacturer",
  "model",
  "deviceEnrollmentType",
  "managementAgent",
  "enrolledDateTime",
  "lastSyncDateTime",
  "deviceActionResults",
] as const satisfies readonly PropertyName[];

/** Older tenants have it in beta only and answer 400 for it. */
const NOT_EVERYWHERE = "managementState" satisfies PropertyName;

/** A secret: asked for alone, or right before a step that would take it away. */
export const CODE_PROPERTY = "activationLockBypassCode" satisfies PropertyName;

/** `$select` of the read of a bypass code; `id` proves that it is the right device's. */
export const BYPASS_CODE_PROPERTIES = ["id", CODE_PROPERTY] as const;

/** Which properties this tenant knows, learnt once. */
export interface Selection {
  properties(): readonly string[];
  /** The properties that are left to try after a 400, or null when there are none. */
  fallback(): readonly string[] | null;
  /** The fallback worked where the whole list did not. */
  remember(): void;
}

/**
 * Starts with all properties, and keeps to the shorter list once that has worked where the long one
 * did not.
 */
export function createSelection(): Selection {
  const reduced = DEVICE_PROPERTIES.filter((name) => name !== NOT_EVERYWHERE);
  let isReduced = false;
  return {
    properties: () => (isReduced ? reduced : DEVICE_PROPERTIES),
    fallback: () => (isReduced ? null : reduced),
    remember: () => {
      isReduced = true;
    },
  };
}

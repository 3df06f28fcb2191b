import type { DeviceActionResult, ManagedDevice } from "../../providers/domain/managed-device.ts";

/** A supervised iPad of the company's. */
export const IPAD: ManagedDevice = {
  id: "00000000-0000-4000-8000-00000000000a",
  serialNumber: "DMPXK2ABCDEF",
  deviceName: "Leeds iPad 0042",
  operatingSystem: "iPadOS",
  osVersion: "18.1",
  isSupervised: true,
  managedDeviceOwnerType: "company",
  managementState: "managed",
  userPrincipalName: "j.doe@contoso.example",
  deviceCategoryDisplayName: "Field",
  manufacturer: "Apple",
  model: "iPad Pro",
  deviceEnrollmentType: "appleBulkWithUser",
  managementAgent: "mdm",
  enrolledDateTime: "2026-01-05T08:00:00Z",
  lastSyncDateTime: "2026-11-19T18:00:00Z",
  deviceActionResults: [],
};

/** An iPad that a person enrolled: no Activation Lock bypass code can exist. */
export const UNSUPERVISED_IPAD: ManagedDevice = {
  ...IPAD,
  id: "00000000-0000-4000-8000-00000000000b",
  serialNumber: "UNSUPERVISED",
  isSupervised: false,
  deviceEnrollmentType: "userEnrollment",
};

export const ANDROID: ManagedDevice = {
  ...IPAD,
  id: "00000000-0000-4000-8000-00000000000c",
  serialNumber: "ANDROID1",
  deviceName: "Leeds phone 7",
  operatingSystem: "Android",
  osVersion: "15",
  isSupervised: null,
  manufacturer: "Google",
  model: "Pixel 9",
  deviceEnrollmentType: "androidEnterpriseFullyManaged",
  managementAgent: "googleCloudDevicePolicyController",
};

export const MAC: ManagedDevice = {
  ...IPAD,
  id: "00000000-0000-4000-8000-00000000000d",
  serialNumber: "MAC1",
  deviceName: "Leeds Mac 3",
  operatingSystem: "macOS",
  osVersion: "14.4.1 (23E224)",
  model: "MacBook Air",
  deviceEnrollmentType: "appleBulkWithUser",
};

export const WINDOWS: ManagedDevice = {
  ...IPAD,
  id: "00000000-0000-4000-8000-00000000000e",
  serialNumber: "WIN1",
  deviceName: "LEEDS-PC-9",
  operatingSystem: "Windows",
  osVersion: "10.0.26100.2314",
  isSupervised: null,
  manufacturer: "Microsoft Corporation",
  model: "Surface Pro",
  deviceEnrollmentType: "windowsAzureADJoin",
};

/** One entry of `deviceActionResults`; times by default as of one run of the action. */
export function actionResult(
  actionName: string,
  actionState: DeviceActionResult["actionState"],
  changes: Partial<DeviceActionResult> = {},
): DeviceActionResult {
  return {
    actionName,
    actionState,
    startDateTime: "2026-11-20T11:00:00Z",
    lastUpdatedDateTime: "2026-11-20T11:05:00Z",
    ...changes,
  };
}

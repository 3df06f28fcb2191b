import { type Acknowledgement, ESCROW_STEP, findRemoteAction, type RemoteAction } from "../domain/action-table.ts";
import type { CloudName } from "../domain/cloud-name.ts";
import type { DiagnosticCode } from "../domain/diagnostic-codes.ts";
import { isSupervised, isSupervisedApple, type ManagedDevice, type Platform, platformOf } from "../domain/managed-device.ts";
import { type Plan, type PlanStep, planDestroysData } from "../domain/plan.ts";

/** A rule of the action table that this device does not fit, with what to write instead. */
export interface Violation {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string;
}

/** Every rule that needs the device itself, or the cloud that it is in, over all steps that are still to be sent. */
export function checkDevice(
  plan: Plan,
  steps: readonly PlanStep[],
  acknowledge: readonly Acknowledgement[],
  device: ManagedDevice,
  cloud: CloudName,
): readonly Violation[] {
  const perStep = steps.flatMap((step) => {
    const action = findRemoteAction(step.action);
    return action === undefined ? [] : [...checkCloud(action, cloud), ...checkAction(action, step, device)];
  });
  return [...perStep, ...checkOrder(plan, device), ...checkOwner(plan, acknowledge, device)];
}

function checkCloud(action: RemoteAction, cloud: CloudName): Violation[] {
  if (action.clouds === undefined || action.clouds.only.includes(cloud)) return [];
  const message = `${action.name} does not exist in the cloud ${cloud}`;
  return [
    { code: "DLR310", message, hint: `leave ${action.name} out; it exists in ${action.clouds.only.join(", ")} (${action.clouds.source})` },
  ];
}

function checkAction(action: RemoteAction, step: PlanStep, device: ManagedDevice): Violation[] {
  const platform = platformOf(device);
  if (platform === null || !action.platforms.includes(platform)) {
    const message = `${action.name} does not exist for ${device.operatingSystem ?? "a device without an operating system"}: ${describe(device)}`;
    return [{ code: "DLR303", message, hint: `${action.name} works on ${action.platforms.join(", ")} (${action.requirements})` }];
  }
  return [
    ...checkVersion(action, platform, device),
    ...checkSupervision(action, platform, device),
    ...checkParameters(action, step, platform),
  ];
}

function checkVersion(action: RemoteAction, platform: Platform, device: ManagedDevice): Violation[] {
  const minimum = action.minimumOs?.[platform];
  if (minimum === undefined || compareVersions(device.osVersion ?? "0", minimum) >= 0) return [];
  const message = `${action.name} needs ${platform} ${minimum} or later; ${describe(device)} has ${device.osVersion ?? "an unknown version"}`;
  return [{ code: "DLR304", message, hint: `update the device first (${action.requirements})` }];
}

function checkSupervision(action: RemoteAction, platform: Platform, device: ManagedDevice): Violation[] {
  if (!action.supervisedOn.includes(platform) || isSupervised(device)) return [];
  const message = `${action.name} needs a supervised device; ${describe(device)} is not supervised`;
  return [{ code: "DLR305", message, hint: `leave ${action.name} out for this device (${action.requirements})` }];
}

/** A parameter that has no effect on this platform promises what will not happen: `keepUserData` keeps nothing on an iPad. */
function checkParameters(action: RemoteAction, step: PlanStep, platform: Platform): Violation[] {
  return Object.keys(step.parameters)
    .filter((key) => action.parameterPlatforms?.[key]?.includes(platform) === false)
    .map((key) => ({
      code: "DLR303",
      message: `${key} of ${action.name} has no effect on ${platform}`,
      hint: `remove ${key}: it works on ${action.parameterPlatforms?.[key]?.join(", ")} only (${action.requirements})`,
    }));
}

function checkOrder(plan: Plan, device: ManagedDevice): Violation[] {
  if (!planDestroysData(plan) || !isSupervisedApple(device)) return [];
  const escrow = plan.steps.findIndex((step) => step.action === ESCROW_STEP);
  const destroying = plan.steps.findIndex((step) => findRemoteAction(step.action)?.destroysData);
  if (escrow !== -1 && escrow < destroying) return [];
  const message = `${plan.steps[destroying]?.action} would destroy the Activation Lock bypass code of ${describe(device)} before it is escrowed`;
  return [{ code: "DLR306", message, hint: `put ${ESCROW_STEP} before it` }];
}

function checkOwner(plan: Plan, acknowledge: readonly Acknowledgement[], device: ManagedDevice): Violation[] {
  const erases = plan.steps.some((step) => findRemoteAction(step.action)?.erasesOwner);
  if (!erases || device.managedDeviceOwnerType === "company" || acknowledge.includes("personalDevice")) return [];
  const message = `${describe(device)} does not belong to the company (managedDeviceOwnerType: ${device.managedDeviceOwnerType ?? "not known"})`;
  return [{ code: "DLR307", message, hint: "retire it instead, or add personalDevice to acknowledge" }];
}

/** A device as people tell it apart. */
export function describe(device: ManagedDevice): string {
  return `${device.deviceName ?? "device without a name"} (serial ${device.serialNumber ?? "unknown"}, id ${device.id})`;
}

/** Compares dotted versions by number: 10.0.19045 > 10.0.9. The build behind a version, as in `14.4 (23E214)`, does not count. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [versionNumbers(a), versionNumbers(b)];
  for (let part = 0; part < Math.max(left.length, right.length); part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function versionNumbers(version: string): readonly number[] {
  const [dotted] = /\d+(\.\d+)*/.exec(version) ?? ["0"];
  return dotted.split(".").map(Number);
}

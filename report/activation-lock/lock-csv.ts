import { renderCsv } from "../sheet/render-csv.ts";
import type { ActivationLockReport, LockDevice } from "./report.ts";

const COLUMNS: Readonly<Record<string, (device: LockDevice) => string | number | boolean | null>> = {
  serialNumber: ({ serialNumber }) => serialNumber,
  managedDeviceId: ({ id }) => id,
  deviceName: ({ deviceName }) => deviceName,
  platform: ({ platform }) => platform,
  osVersion: ({ osVersion }) => osVersion,
  model: ({ model }) => model,
  isSupervised: ({ isSupervised }) => isSupervised,
  deviceEnrollmentType: ({ deviceEnrollmentType }) => deviceEnrollmentType,
  managedDeviceOwnerType: ({ managedDeviceOwnerType }) => managedDeviceOwnerType,
  userPrincipalName: ({ userPrincipalName }) => userPrincipalName,
  enrolledDateTime: ({ enrolledDateTime }) => enrolledDateTime,
  lastSyncDateTime: ({ lastSyncDateTime }) => lastSyncDateTime,
  code: ({ code }) => code,
  problem: ({ problem }) => problem,
  escrowReference: ({ escrow }) => escrow?.reference ?? null,
  escrowCapturedAt: ({ escrow }) => escrow?.capturedAt ?? null,
  escrowAgeDays: ({ escrow }) => escrow?.ageDays ?? null,
  escrowRequest: ({ escrow }) => escrow?.request ?? null,
  escrowStale: ({ escrow }) => escrow?.stale ?? null,
  sharesSerialNumber: ({ sharesSerialNumber }) => sharesSerialNumber,
};

/**
 * One row a device, with the fields of the JSON; what is null there is empty. The id has a longer
 * name, because a list of devices for a request has either `serialNumber` or `id`.
 */
export function lockCsv({ devices }: Pick<ActivationLockReport, "devices">): string {
  const cells = Object.values(COLUMNS);
  return renderCsv(
    Object.keys(COLUMNS),
    devices.map((device) => cells.map((of) => String(of(device) ?? ""))),
  );
}

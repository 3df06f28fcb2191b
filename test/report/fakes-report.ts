import type { ActivationLockReport, LockDevice } from "../../report/activation-lock/report.ts";
import { countDevices } from "../../report/activation-lock/totals.ts";

/** A supervised iPad with a code in Intune and none in escrow. */
export function lockDevice(changes: Partial<LockDevice> = {}): LockDevice {
  return {
    serialNumber: "DMPXK2ABCDEF",
    id: "a1b2c3d4-0000-4000-8000-000000000001",
    deviceName: "Leeds iPad 0042",
    platform: "iPadOS",
    osVersion: "18.1",
    model: "iPad Air",
    isSupervised: true,
    deviceEnrollmentType: "appleBulkWithUser",
    managedDeviceOwnerType: "company",
    userPrincipalName: "j.doe@contoso.example",
    enrolledDateTime: "2025-03-01T09:30:00.000Z",
    lastSyncDateTime: "2026-11-19T08:00:00.000Z",
    code: "present",
    problem: null,
    escrow: null,
    sharesSerialNumber: false,
    ...changes,
  };
}

export function escrowOf(changes: Partial<NonNullable<LockDevice["escrow"]>> = {}): NonNullable<LockDevice["escrow"]> {
  return {
    reference: "file:escrow/0123456789abcdef",
    capturedAt: "2026-11-15T11:00:00.000Z",
    ageDays: 12,
    request: "summer/DMPXK2ABCDEF#1",
    stale: null,
    ...changes,
  };
}

export function reportOf(devices: readonly LockDevice[], changes: Partial<ActivationLockReport> = {}): ActivationLockReport {
  return {
    format: 1,
    kind: "activation-lock",
    at: "2026-11-27T12:00:00.000Z",
    where: "stack prod · ledger file:ledger · Microsoft (global)",
    platforms: [],
    totals: countDevices(devices),
    chosen: [],
    devices,
    ...changes,
  };
}

/** One device of each kind. */
export const VARIED: readonly LockDevice[] = [
  lockDevice({ serialNumber: "CURRENT", escrow: escrowOf() }),
  lockDevice({ serialNumber: "MAC", platform: "macOS", isSupervised: false, code: "none" }),
  lockDevice({ serialNumber: "OTHERCODE", escrow: escrowOf({ stale: "otherCode" }) }),
  lockDevice({ serialNumber: "PLAIN", lastSyncDateTime: "2026-08-01T08:00:00.000Z" }),
  lockDevice({ serialNumber: "SETUPSINCE", escrow: escrowOf({ stale: "setUpSince" }) }),
  lockDevice({ serialNumber: null, code: "unreadable", problem: "Graph did not give it: 403", lastSyncDateTime: null, isSupervised: null }),
];

import { DAY_MS } from "../../providers/domain/day.ts";
import type { DeviceFleet, UnreadableDevice } from "../../providers/domain/device-fleet.ts";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import { type ManagedDevice, type Platform, platformOf } from "../../providers/domain/managed-device.ts";
import type { Ports } from "../../providers/domain/ports.ts";
import type { EscrowedRecord } from "../../providers/domain/step-record.ts";
import { canHoldLock } from "./can-hold-lock.ts";
import { findEscrow, serialKey, setUpSince } from "./find-escrow.ts";
import { type CodeFinding, NOT_ASKED, readCodes } from "./read-codes.ts";
import { type ActivationLockReport, type Escrow, type LockDevice, REPORT_FORMAT } from "./report.ts";
import { countDevices } from "./totals.ts";

/** What a report is to be of. */
export interface ReportTerms {
  readonly where: string;
  /** Empty for all; a device whose platform Graph does not tell is in each. */
  readonly platforms: readonly Platform[];
  /** False: no code is asked for. */
  readonly withCodes: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

type ReportPorts = { readonly fleet: DeviceFleet } & Pick<Ports, "fingerprint">;

/**
 * One list of all devices, then one read of the code of each that can have the lock. `records` is
 * the whole ledger. Throws `GraphReadError` where the list cannot be had; a code that cannot be
 * read is told at its device.
 */
export async function makeReport(ports: ReportPorts, records: readonly LedgerRecord[], terms: ReportTerms): Promise<ActivationLockReport> {
  const { devices, unreadable } = await ports.fleet.listAll();
  const concerned = devices.filter((device) => canHoldLock(device) && isOfPlatforms(device, terms.platforms));
  const escrows = findEscrow(
    records,
    devices.map(({ id }) => id),
  );
  const byId = new Map(concerned.map((device) => [device.id, escrows(device)]));
  const findings = terms.withCodes
    ? await readCodes([...byId.keys()], (id) => byId.get(id) ?? null, ports)
    : new Map<string, CodeFinding>();
  const rows = [
    ...concerned.map((device) => lockDevice(device, findings.get(device.id) ?? NOT_ASKED, byId.get(device.id) ?? null, terms.now)),
    ...unreadable.map(oddDevice),
  ];
  const all = withTwins(rows).sort(bySerial);
  return {
    format: REPORT_FORMAT,
    kind: "activation-lock",
    at: new Date(terms.now).toISOString(),
    where: terms.where,
    platforms: terms.platforms,
    totals: countDevices(all),
    chosen: [],
    devices: all,
  };
}

function isOfPlatforms(device: ManagedDevice, platforms: readonly Platform[]): boolean {
  const platform = platformOf(device);
  return platforms.length === 0 || platform === null || platforms.includes(platform);
}

function lockDevice(device: ManagedDevice, finding: CodeFinding, record: EscrowedRecord | null, now: number): LockDevice {
  return {
    serialNumber: device.serialNumber,
    id: device.id,
    deviceName: device.deviceName,
    platform: platformOf(device),
    osVersion: device.osVersion,
    model: device.model,
    isSupervised: device.isSupervised,
    deviceEnrollmentType: device.deviceEnrollmentType,
    managedDeviceOwnerType: device.managedDeviceOwnerType,
    userPrincipalName: device.userPrincipalName,
    enrolledDateTime: device.enrolledDateTime,
    lastSyncDateTime: device.lastSyncDateTime,
    code: finding.code,
    problem: finding.problem,
    escrow: record === null ? null : escrowOf(record, device, finding, now),
    sharesSerialNumber: false,
  };
}

function escrowOf(record: EscrowedRecord, device: ManagedDevice, { isOther }: CodeFinding, now: number): Escrow {
  return {
    reference: record.reference,
    capturedAt: record.at,
    ageDays: Math.max(0, Math.floor((now - Date.parse(record.at)) / DAY_MS)),
    request: record.key,
    stale: setUpSince(record, device) ?? (isOther ? "otherCode" : null),
  };
}

/** It may be a device that can have the lock, so it is in the report. */
function oddDevice({ id, serialNumber, deviceName, why }: UnreadableDevice): LockDevice {
  return {
    serialNumber,
    id,
    deviceName,
    platform: null,
    osVersion: null,
    model: null,
    isSupervised: null,
    deviceEnrollmentType: null,
    managedDeviceOwnerType: null,
    userPrincipalName: null,
    enrolledDateTime: null,
    lastSyncDateTime: null,
    code: "unreadable",
    problem: why,
    escrow: null,
    sharesSerialNumber: false,
  };
}

function withTwins(rows: readonly LockDevice[]): LockDevice[] {
  const groups = Map.groupBy(rows, ({ serialNumber }) => serialKey(serialNumber));
  return rows.map((row) => {
    const serial = serialKey(row.serialNumber);
    return serial !== null && (groups.get(serial)?.length ?? 0) > 1 ? { ...row, sharesSerialNumber: true } : row;
  });
}

/** One order for equal data, so that two reports can be compared line by line. */
function bySerial(a: LockDevice, b: LockDevice): number {
  return compare(a.serialNumber ?? LAST, b.serialNumber ?? LAST) || compare(a.id ?? LAST, b.id ?? LAST);
}

const LAST = "\u{10ffff}";

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

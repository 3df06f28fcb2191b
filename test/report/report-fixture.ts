import { type EmulatedDevice, type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/graph/start-emulator.ts";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import type { EscrowedRecord } from "../../providers/domain/step-record.ts";
import { fingerprintOf } from "../../providers/escrow/fingerprint.ts";
import { makeReport, type ReportTerms } from "../../report/activation-lock/make-report.ts";
import type { ActivationLockReport, LockDevice } from "../../report/activation-lock/report.ts";
import { graphAt, type TestGraph } from "../graph/graph-fixture.ts";
import { escrowed } from "../support/fakes-records.ts";

/** When every report of these tests is made. */
export const NOW = Date.parse("2026-11-27T12:00:00.000Z");

const TERMS: ReportTerms = { where: "stack prod", platforms: [], withCodes: true, now: NOW };

const open: Emulator[] = [];

/** For `afterEach`. */
export async function closeEmulators(): Promise<void> {
  await Promise.all(open.splice(0).map((emulator) => emulator.close()));
}

export interface Tenant {
  readonly emulator: Emulator;
  readonly graph: TestGraph;
  readonly report: (records?: readonly LedgerRecord[], terms?: Partial<ReportTerms>) => Promise<ActivationLockReport>;
  /** The record of an escrow of the device's code of now. */
  readonly escrowOf: (serialNumber: string, changes?: Partial<EscrowedRecord>) => EscrowedRecord;
}

/** A tenant with these devices, behind real HTTP. */
export async function tenant(devices: readonly EmulatedDevice[], options: EmulatorOptions = {}): Promise<Tenant> {
  const emulator = await startEmulator({ devices, throttle: "off", ...options });
  open.push(emulator);
  const graph = graphAt(emulator.url);
  return {
    emulator,
    graph,
    report: (records = [], terms = {}) => makeReport({ fleet: graph.fleet, fingerprint: fingerprintOf }, records, { ...TERMS, ...terms }),
    escrowOf: (name, changes = {}) => {
      const { id, serialNumber, bypassCode } = emulator.device(name);
      const fingerprint = bypassCode === null ? null : fingerprintOf(new Redacted(bypassCode));
      const device = { id, serialNumber, enrolledDateTime: "2026-01-12T09:30:00.000Z" };
      return escrowed(0, { device, fingerprint, reference: `file:escrow/${name}`, ...changes });
    },
  };
}

/** The one device of a report with this serial number. */
export function deviceOf(report: ActivationLockReport, serialNumber: string): LockDevice {
  const found = report.devices.filter((device) => device.serialNumber === serialNumber);
  const [device] = found;
  if (device === undefined || found.length > 1) throw new Error(`${found.length} devices have the serial number ${serialNumber}`);
  return device;
}

/** Supervised iPads `PAD0000`, `PAD0001` and so on. */
export function ipads(number: number): readonly EmulatedDevice[] {
  return Array.from({ length: number }, (_, index) => ({
    serialNumber: `PAD${String(index).padStart(4, "0")}`,
    operatingSystem: "iPadOS",
    isSupervised: true,
  }));
}

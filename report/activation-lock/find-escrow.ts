import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import { isGenericSerial, normalizeSerial } from "../../providers/domain/managed-device.ts";
import type { PlannedDevice } from "../../providers/domain/plan.ts";
import type { EscrowedRecord } from "../../providers/domain/step-record.ts";
import type { StaleWord } from "./report.ts";

/** The newest escrowed bypass code of a device, or null. */
export type FindEscrow = (device: PlannedDevice) => EscrowedRecord | null;

/**
 * By the id, else by the serial number: a device that was enrolled anew has another id. A record
 * of a device that is still in the list is no other's, whatever serial numbers say. `listed` has
 * the ids of all devices of the tenant.
 */
export function findEscrow(records: readonly LedgerRecord[], listed: readonly string[]): FindEscrow {
  const present = new Set(listed.map((id) => id.toLowerCase()));
  const byId = new Map<string, EscrowedRecord>();
  const bySerial = new Map<string, EscrowedRecord>();
  for (const record of records) {
    if (record.kind !== "escrowed" || record.secret !== "activationLockBypassCode") continue;
    byId.set(record.device.id.toLowerCase(), record);
    const serial = serialKey(record.device.serialNumber);
    if (serial !== null && !present.has(record.device.id.toLowerCase())) bySerial.set(serial, record);
  }
  return ({ id, serialNumber }) => byId.get(id.toLowerCase()) ?? bySerial.get(serialKey(serialNumber) ?? "") ?? null;
}

/** Null for what names no device, such as `0` or `To be filled by O.E.M.`. */
export function serialKey(serialNumber: string | null): string | null {
  return serialNumber === null || isGenericSerial(serialNumber) ? null : normalizeSerial(serialNumber);
}

/**
 * Whether the device was set up after its code was captured: it is another enrolment. Graph's
 * times are compared with each other; our own clock only where the record has none of Graph's.
 */
export function setUpSince({ device: then, at }: EscrowedRecord, now: PlannedDevice): StaleWord | null {
  if (then.id.toLowerCase() !== now.id.toLowerCase()) return "setUpSince";
  if (now.enrolledDateTime === null) return null;
  const enrolled = Date.parse(now.enrolledDateTime);
  const isAnother = then.enrolledDateTime === null ? enrolled > Date.parse(at) : enrolled !== Date.parse(then.enrolledDateTime);
  return isAnother ? "setUpSince" : null;
}

import type { AuditActor, AuditedAction, AuditFacts, ForeignAction, Sender } from "../../providers/domain/audit-log.ts";
import type { AuditedRecord, LedgerRecord } from "../../providers/domain/ledger-record.ts";
import { auditFactsIn } from "../../providers/ledger/audit-memory.ts";

const APPLICATION = "aaaaaaaa-1111-4111-8111-111111111111";
export const OURS: Sender = { application: APPLICATION, user: null };

export const NOBODY: AuditActor = {
  application: null,
  applicationName: null,
  servicePrincipal: null,
  user: null,
  userId: null,
  ipAddress: null,
};
export const US: AuditActor = { ...NOBODY, application: APPLICATION, servicePrincipal: "device-lifecycle" };
export const PORTAL: AuditActor = {
  ...NOBODY,
  application: "5926fc8e-304e-4f59-8bed-58ca97cc39a4",
  applicationName: "Microsoft Intune portal extension",
  user: "helpdesk@contoso.example",
  userId: "910ed5ca-4ecf-414c-a1be-d53511bfe1a5",
};

/** A wipe of some device in the portal. */
export function audited(changes: Partial<AuditedAction> = {}): AuditedAction {
  return {
    event: "e1",
    action: "wipe",
    at: "2026-11-20T12:00:00.000Z",
    device: "ffffffff-0000-4000-8000-000000000001",
    deviceName: "Somebody’s iPad",
    actor: PORTAL,
    correlationId: null,
    hasFailed: false,
    ...changes,
  };
}

export function foreign(changes: Partial<AuditedAction> = {}): ForeignAction {
  const { event, action, at, device, deviceName, actor } = audited(changes);
  return { event, action, at, device, deviceName, actor };
}

export function auditedRecord(changes: Partial<AuditedRecord> = {}): AuditedRecord {
  return {
    kind: "audited",
    at: "2026-11-20T12:00:00.000Z",
    source: "auditEvents",
    until: "2026-11-20T12:00:00.000Z",
    foreign: [],
    senders: [],
    stopped: [],
    ...changes,
  };
}

export function factsOf(...records: readonly LedgerRecord[]): AuditFacts {
  return auditFactsIn(records);
}

import type { EscrowedRecord, IntentRecord, OutcomeRecord, ResultRecord } from "../../providers/domain/ledger-record.ts";
import type { PlannedDevice } from "../../providers/domain/plan.ts";

export const AT = "2026-11-20T12:00:00.000Z";

export const DEVICE: PlannedDevice = {
  id: "3f2a0000-0000-4000-8000-00000000beef",
  serialNumber: "DMPXK2ABCDEF",
  enrolledDateTime: "2026-01-01T00:00:00Z",
};

export function intent(key: string, changes: Partial<IntentRecord> = {}): IntentRecord {
  return {
    kind: "intent",
    key,
    at: AT,
    step: 0,
    attempt: 1,
    action: "wipe",
    destroysData: true,
    device: DEVICE,
    clientRequestId: "11111111-1111-4111-8111-111111111111",
    snapshot: [],
    managementState: null,
    ...changes,
  };
}

export function result(key: string, changes: Partial<ResultRecord> = {}): ResultRecord {
  return { kind: "result", key, at: AT, step: 0, attempt: 1, result: "accepted", requestId: "r-1", detail: "204", ...changes };
}

export function escrowed(key: string, changes: Partial<EscrowedRecord> = {}): EscrowedRecord {
  return {
    kind: "escrowed",
    key,
    at: AT,
    step: 0,
    secret: "activationLockBypassCode",
    reference: "file:escrow/0123456789abcdef0123456789abcdef.age",
    fingerprint: "0123456789abcdef",
    device: DEVICE,
    ...changes,
  };
}

export function outcome(key: string, changes: Partial<OutcomeRecord> = {}): OutcomeRecord {
  return {
    kind: "outcome",
    key,
    at: AT,
    outcome: "succeeded",
    reason: "Finished",
    message: "every step is done",
    device: {
      ...DEVICE,
      deviceName: "Anna’s iPad",
      operatingSystem: "iPadOS",
      osVersion: "18.1",
      isSupervised: true,
      userPrincipalName: "anna@example.com",
    },
    conditions: [],
    edition: "0123456789abcdef",
    ...changes,
  };
}

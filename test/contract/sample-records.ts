import type { PlannedDevice } from "../../providers/domain/plan.ts";
import type { BegunRecord, EditedRecord, OutcomeRecord, Why } from "../../providers/domain/request-record.ts";
import type { AdoptedRecord, EscrowedRecord, IntentRecord, ResultRecord } from "../../providers/domain/step-record.ts";

export const AT = "2026-11-20T12:00:00.000Z";

export const DEVICE: PlannedDevice = {
  id: "3f2a0000-0000-4000-8000-00000000beef",
  serialNumber: "DMPXK2ABCDEF",
  enrolledDateTime: "2026-01-01T00:00:00Z",
};

const FACTS = {
  ...DEVICE,
  deviceName: "Anna’s iPad",
  operatingSystem: "iPadOS",
  osVersion: "18.1",
  isSupervised: true,
  userPrincipalName: "anna@example.com",
};

export function why(changes: Partial<Why> = {}): Why {
  return {
    reason: "Leaver returned the iPad",
    ticket: "INC-4711",
    source: "devices/requests/a.yaml:2",
    commit: "5c5a1b2f0e9d8c7b6a5f4e3d2c1b0a9f8e7d6c5b",
    pullRequest: "https://github.example/it/devices/pull/12",
    ciRun: "GitHub run 17, attempt 1, of it/devices",
    who: "anna",
    ...changes,
  };
}

export function begun(key: string, changes: Partial<BegunRecord> = {}): BegunRecord {
  const steps = [{ index: 0, action: "wipe", parameters: {} }];
  const plan = { key, playbook: null, device: DEVICE, path: { kind: "managedDevices" }, steps } as const;
  return { kind: "begun", key, at: AT, plan, device: FACTS, why: why(), ...changes };
}

export function edited(key: string, changes: Partial<EditedRecord> = {}): EditedRecord {
  return { kind: "edited", key, at: AT, why: why({ reason: "Leaver returned the iPad, damaged", ticket: null }), ...changes };
}

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

export function adopted(key: string, changes: Partial<AdoptedRecord> = {}): AdoptedRecord {
  const result = { actionName: "wipe", actionState: "pending", startDateTime: AT, lastUpdatedDateTime: AT } as const;
  return { kind: "adopted", key, at: AT, step: 0, action: "wipe", destroysData: true, device: DEVICE, result, snapshot: [], ...changes };
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
    device: FACTS,
    conditions: [],
    edition: "0123456789abcdef",
    ...changes,
  };
}

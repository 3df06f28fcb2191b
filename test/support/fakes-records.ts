import { deviceFacts } from "../../providers/domain/managed-device.ts";
import type { Plan } from "../../providers/domain/plan.ts";
import type { BegunRecord, EditedRecord, OutcomeRecord, RepeatedRecord } from "../../providers/domain/request-record.ts";
import type {
  AdoptedRecord,
  EscrowedRecord,
  FinishedRecord,
  IntentRecord,
  ResultRecord,
  SettledRecord,
} from "../../providers/domain/step-record.ts";
import { why } from "../contract/sample-records.ts";
import { actionResult, IPAD } from "./fakes-devices.ts";
import { jobOf, lifecycleRequest } from "./fakes-requests.ts";

/**
 * Records of one request, by the index of the step; the time is that of a test's clock when it
 * starts.
 */
export const AT = "2026-11-20T12:00:00.000Z";
export const KEY = "leeds-leaver-0042#1";

const { id, serialNumber, enrolledDateTime } = IPAD;
const PLANNED = { id, serialNumber, enrolledDateTime };
const OF_REQUEST = { key: KEY, at: AT } as const;

export function begun(plan: Plan = jobOf(lifecycleRequest(["wipe"])).plan, changes: Partial<BegunRecord> = {}): BegunRecord {
  return { kind: "begun", ...OF_REQUEST, key: plan.key, plan, device: deviceFacts(IPAD), ...changes };
}

export function edited(changes: Partial<EditedRecord> = {}): EditedRecord {
  return { kind: "edited", ...OF_REQUEST, why: why({ reason: "Leaver returned the iPad, damaged" }), ...changes };
}

export function repeated(changes: Partial<RepeatedRecord> = {}): RepeatedRecord {
  return { kind: "repeated", ...OF_REQUEST, reason: "the device has another code", ...changes };
}

export function intent(step: number, changes: Partial<IntentRecord> = {}): IntentRecord {
  return {
    kind: "intent",
    ...OF_REQUEST,
    step,
    attempt: 1,
    action: "wipe",
    destroysData: true,
    device: PLANNED,
    clientRequestId: `call-${step}`,
    snapshot: [],
    managementState: "managed",
    ...changes,
  };
}

export function result(step: number, outcome: ResultRecord["result"], changes: Partial<ResultRecord> = {}): ResultRecord {
  return {
    kind: "result",
    ...OF_REQUEST,
    step,
    attempt: 1,
    result: outcome,
    requestId: `graph-${step}`,
    detail: `Graph said: ${outcome}`,
    ...(outcome === "approvalRequired" ? { approvalRequest: "approval-1" } : {}),
    ...changes,
  };
}

/** An intent and its answer. */
export function sent(step: number, outcome: ResultRecord["result"] = "accepted"): readonly [IntentRecord, ResultRecord] {
  return [intent(step), result(step, outcome)];
}

export function finished(step: number, status: FinishedRecord["status"] = "done", changes: Partial<FinishedRecord> = {}): FinishedRecord {
  return { kind: "finished", ...OF_REQUEST, step, status, reason: "Reported", detail: `the device reported it as ${status}`, ...changes };
}

export function escrowed(step: number, changes: Partial<EscrowedRecord> = {}): EscrowedRecord {
  return {
    kind: "escrowed",
    ...OF_REQUEST,
    step,
    secret: "activationLockBypassCode",
    reference: "memory:1",
    fingerprint: "0123456789abcdef",
    device: PLANNED,
    ...changes,
  };
}

export function settled(step: number, decision: SettledRecord["decision"], changes: Partial<SettledRecord> = {}): SettledRecord {
  return { kind: "settled", ...OF_REQUEST, step, attempt: 1, decision, who: "anna", why: "looked at the device", ...changes };
}

export function adopted(step: number, changes: Partial<AdoptedRecord> = {}): AdoptedRecord {
  return {
    kind: "adopted",
    ...OF_REQUEST,
    step,
    action: "wipe",
    destroysData: true,
    device: PLANNED,
    result: actionResult("wipe", "pending"),
    snapshot: [],
    ...changes,
  };
}

export function outcome(word: OutcomeRecord["outcome"], changes: Partial<OutcomeRecord> = {}): OutcomeRecord {
  return {
    kind: "outcome",
    ...OF_REQUEST,
    outcome: word,
    reason: "Finished",
    message: `it is ${word}`,
    device: deviceFacts(IPAD),
    conditions: [],
    edition: "edition-1",
    ...changes,
  };
}

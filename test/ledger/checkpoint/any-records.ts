import fc from "fast-check";
import type { LedgerRecord } from "../../../providers/domain/ledger-record.ts";
import type { PlannedDevice } from "../../../providers/domain/plan.ts";
import type { RequestRecord } from "../../../providers/domain/request-record.ts";
import type { ResultRecord } from "../../../providers/domain/step-record.ts";
import { adopted, begun, edited, intent, outcome, result } from "../../contract/sample-records.ts";
import { auditedRecord, foreign, OURS } from "../../support/fakes-audit.ts";
import { settled } from "../../support/fakes-records.ts";

/** Few names, so that records meet: two lists, one of them in two generations, and one alone. */
const KEYS = ["summer/ab12#1", "summer/cd34#1", "summer/cd34#2", "leaver-1#1", "leaver-2#1"];

const DEVICES: readonly PlannedDevice[] = [
  { id: "aaaaaaaa-0000-4000-8000-000000000001", serialNumber: "AB12" },
  { id: "AAAAAAAA-0000-4000-8000-000000000001", serialNumber: "ab 12 " },
  { id: "bbbbbbbb-0000-4000-8000-000000000002", serialNumber: "AB12" },
  { id: "cccccccc-0000-4000-8000-000000000003", serialNumber: null },
  { id: "dddddddd-0000-4000-8000-000000000004", serialNumber: "To be filled by O.E.M." },
  { id: "eeeeeeee-0000-4000-8000-000000000005", serialNumber: "" },
].map((device) => ({ ...device, enrolledDateTime: "2026-01-01T00:00:00Z" }));

/** Hours in which things happen, and a time that cannot be read. */
const TIMES = Array.from({ length: 10 }, (_, hour) => hour)
  .map((hour) => `2026-11-20T0${hour}:00:00Z`)
  .concat("yesterday");
const ACTIONS = ["wipe", "resetPasscode", "syncDevice", "retire"];
const ANSWERS: readonly ResultRecord["result"][] = ["accepted", "refused", "notSent", "approvalRequired", "signInRequired", "unknown"];

export const anyDevice = fc.constantFrom(...DEVICES);
export const anyKey = fc.constantFrom(...KEYS);
export const anyTime = fc.constantFrom(...TIMES);
export const anyAction = fc.constantFrom(...ACTIONS);

const anyStart = fc.record({
  at: anyTime,
  step: fc.nat(1),
  action: anyAction,
  destroysData: fc.boolean(),
  device: anyDevice,
  graphTime: fc.option(anyTime, { nil: undefined }),
});

const anyStep = fc.record({ step: fc.nat(1), attempt: fc.integer({ min: 1, max: 2 }), at: anyTime });

const ofRequest: fc.Arbitrary<RequestRecord> = anyKey.chain((key) =>
  fc.oneof(
    fc.record({ at: anyTime }).map((changes) => begun(key, changes)),
    fc.record({ at: anyTime }).map((changes) => edited(key, changes)),
    fc
      .tuple(anyStart, fc.integer({ min: 1, max: 2 }), fc.constantFrom("call-1", "CALL-2", "call-3"))
      .map(([start, attempt, clientRequestId]) => intent(key, known({ ...start, attempt, clientRequestId }))),
    anyStart.map((start) => adopted(key, known(start))),
    fc.tuple(anyStep, fc.constantFrom(...ANSWERS)).map(([step, answer]) => result(key, { ...step, result: answer })),
    fc
      .tuple(anyStep, fc.constantFrom("taken" as const, "not-taken" as const))
      .map(([{ step, ...changes }, decision]) => settled(step, decision, { key, ...changes })),
    fc.constant(outcome(key)),
  ),
);

const ofRun: fc.Arbitrary<LedgerRecord> = fc.oneof(
  fc.record({ at: anyTime }).map(({ at }): LedgerRecord => ({ kind: "settings", at, settings: { maxDestructive: at } })),
  fc.record({ at: anyTime }).map(({ at }): LedgerRecord => ({ kind: "world", at, graph: "https://graph.microsoft.com", tenant: null })),
  fc
    .tuple(anyTime, fc.option(anyTime), fc.nat(2))
    .map(([at, until, event]) =>
      auditedRecord({ at, until, foreign: [foreign({ event: `e${event}` })], senders: event === 0 ? [OURS] : [] }),
    ),
);

/** A ledger: its first record, and whatever may come behind it. */
export const anyLedger: fc.Arbitrary<readonly LedgerRecord[]> = fc
  .array(fc.oneof({ weight: 8, arbitrary: ofRequest }, { weight: 1, arbitrary: ofRun }), { maxLength: 40 })
  .map((records) => [{ kind: "created", version: 2, at: "2026-11-20T00:00:00Z" }, ...records]);

/** A member that is undefined is not in a line. */
function known<T extends object>(changes: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  return JSON.parse(JSON.stringify(changes));
}

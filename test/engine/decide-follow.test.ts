import { describe, expect, test } from "@jest/globals";
import { deviceFacts } from "../../providers/domain/managed-device.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { ANDROID, actionResult } from "../support/fakes-devices.ts";
import { AT, adopted, begun, finished, intent, result, sent } from "../support/fakes-records.ts";
import { UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { ANEW, decide, ended, finish, finishStep, type Row, reports, send, TOO_LATE, WAIT } from "../support/fakes-situation.ts";

const FOLLOWING: readonly Row[] = [
  { name: "nothing reported yet", steps: ["resetPasscode"], records: sent(0), decision: WAIT },
  {
    name: "nothing reported, and no time to wait",
    steps: ["resetPasscode"],
    records: sent(0),
    mayWait: false,
    decision: finish("pending", "Accepted"),
  },
  { name: "pending", steps: ["resetPasscode"], records: sent(0), since: reports(actionResult("resetPasscode", "pending")), decision: WAIT },
  {
    name: "done",
    steps: ["resetPasscode"],
    records: sent(0),
    since: reports(actionResult("resetPasscode", "done")),
    decision: finishStep(0, "done", "Reported"),
  },
  {
    name: "done on an Android, and its new passcode is not shown yet",
    steps: ["resetPasscode"],
    device: ANDROID,
    records: sent(0),
    since: reports(actionResult("resetPasscode", "done")),
    decision: WAIT,
  },
  {
    name: "done on an Android, and its new passcode was never shown in the week in which Intune shows it",
    steps: ["resetPasscode"],
    device: ANDROID,
    records: sent(0),
    now: Date.parse(AT) + 7 * 24 * 60 * 60 * 1000,
    since: reports(actionResult("resetPasscode", "done")),
    decision: finishStep(0, "done", "SecretNotReported"),
  },
  {
    name: "done on an Android, with its new passcode",
    steps: ["resetPasscode"],
    device: ANDROID,
    records: sent(0),
    since: reports({ ...actionResult("resetPasscode", "done"), secret: new Redacted("84211973") }),
    decision: finishStep(0, "done", "Reported"),
  },
  {
    name: "failed",
    steps: ["resetPasscode"],
    records: sent(0),
    since: reports(actionResult("resetPasscode", "failed")),
    decision: finishStep(0, "failed", "Reported"),
  },
  {
    name: "canceled",
    steps: ["resetPasscode"],
    records: sent(0),
    since: reports(actionResult("resetPasscode", "canceled")),
    decision: finishStep(0, "failed", "Reported"),
  },
  {
    name: "not supported",
    steps: ["resetPasscode"],
    records: sent(0),
    since: reports(actionResult("resetPasscode", "notSupported")),
    decision: finishStep(0, "failed", "Reported"),
  },
  {
    name: "an old success is not this one's",
    steps: ["resetPasscode"],
    records: [intent(0, { snapshot: [actionResult("resetPasscode", "done")] }), result(0, "accepted")],
    since: reports(actionResult("resetPasscode", "done")),
    decision: WAIT,
  },
  {
    name: "failed by managementState alone",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0),
    since: { managementState: "wipeFailed" },
    decision: finishStep(0, "failed", "Reported"),
  },
  { name: "an action that reports nothing", steps: ["syncDevice"], records: sent(0), decision: finishStep(0, "done", "ResultNotReported") },
  {
    name: "an action that reports nothing, and the device is gone",
    steps: ["syncDevice"],
    records: sent(0),
    since: null,
    decision: finishStep(0, "done", "ResultNotReported"),
  },
  {
    name: "gone after an accepted wipe",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0),
    since: null,
    decision: finishStep(0, "done", "RemovedFromManagement"),
  },
  {
    name: "gone after an accepted retire",
    steps: ["retire"],
    device: ANDROID,
    records: sent(0),
    since: null,
    decision: finishStep(0, "done", "RemovedFromManagement"),
  },
  {
    name: "gone after an accepted passcode reset",
    steps: ["resetPasscode"],
    records: sent(0),
    since: null,
    decision: finishStep(0, "failed", "DeviceGone"),
  },
  {
    name: "gone through an accepted wipe, before the bypass was reported",
    steps: UNLOCK_AND_WIPE,
    records: [...ended(0), ...sent(1), ...sent(2)],
    since: null,
    decision: finishStep(1, "done", "ResultNotReported"),
  },
  {
    name: "gone through something else, before the bypass was reported",
    steps: UNLOCK_AND_WIPE,
    records: [...ended(0), ...sent(1), ...sent(2, "refused")],
    since: null,
    decision: finishStep(1, "failed", "DeviceGone"),
  },
  {
    name: "wiped, and the bypass never reported",
    steps: UNLOCK_AND_WIPE,
    records: [...ended(0, 2), ...sent(1)],
    decision: finishStep(1, "done", "ResultNotReported"),
  },
  {
    name: "wiped, and what the device was to do before was never reported",
    steps: ["resetPasscode", "syncDevice", "wipe"],
    device: ANDROID,
    records: [begun(undefined, { device: deviceFacts(ANDROID) }), ...sent(0), ...ended(1, 2)],
    decision: { ...finishStep(0, "superseded", "Superseded"), detail: expect.stringMatching(/wipe took effect .* passcode .* never came/) },
  },
  {
    name: "wiped, and what the device was to do before is still pending",
    steps: ["rebootNow", "wipe"],
    records: [...sent(0), ...ended(1)],
    since: reports(actionResult("rebootNow", "pending")),
    decision: { ...finishStep(0, "superseded", "Superseded"), detail: expect.not.stringContaining("never came") },
  },
  {
    name: "wiped, and what the device was to do before had failed",
    steps: ["rebootNow", "wipe"],
    records: [...sent(0), ...ended(1)],
    since: reports(actionResult("rebootNow", "failed")),
    decision: finishStep(0, "failed", "Reported"),
  },
  {
    name: "gone through an accepted wipe, before the restart was reported",
    steps: ["rebootNow", "wipe"],
    records: [...sent(0), ...sent(1)],
    since: null,
    decision: finishStep(0, "superseded", "Superseded"),
  },
  {
    name: "wiped, and the bypass is still pending at Intune",
    steps: UNLOCK_AND_WIPE,
    records: [...ended(0, 2), ...sent(1)],
    since: reports(actionResult("bypassActivationLock", "pending")),
    decision: WAIT,
  },
  {
    name: "wiped, and the bypass reported after all",
    steps: UNLOCK_AND_WIPE,
    records: [...ended(0, 2), ...sent(1)],
    since: reports(actionResult("bypassActivationLock", "failed")),
    decision: finishStep(1, "failed", "Reported"),
  },
  {
    name: "an adopted action that is not over",
    steps: ["wipe"],
    device: ANDROID,
    records: [adopted(0)],
    since: reports(actionResult("wipe", "pending")),
    decision: WAIT,
  },
  {
    name: "an adopted action that is over",
    steps: ["wipe"],
    device: ANDROID,
    records: [adopted(0)],
    since: reports(actionResult("wipe", "done")),
    decision: finishStep(0, "done", "Reported"),
  },
  {
    name: "an adopted action that failed",
    steps: ["wipe"],
    device: ANDROID,
    records: [adopted(0)],
    since: reports(actionResult("wipe", "failed")),
    decision: finishStep(0, "failed", "Reported"),
  },
  {
    name: "gone after an adopted wipe",
    steps: ["wipe"],
    device: ANDROID,
    records: [adopted(0)],
    since: null,
    decision: finishStep(0, "done", "RemovedFromManagement"),
  },
  {
    name: "an adopted action beside a newer one that was over before",
    steps: ["resetPasscode"],
    records: [
      adopted(0, {
        result: actionResult("resetPasscode", "pending", { startDateTime: "2026-11-01T00:00:00Z" }),
        snapshot: [actionResult("resetPasscode", "done")],
      }),
    ],
    since: reports(
      actionResult("resetPasscode", "done"),
      actionResult("resetPasscode", "pending", { startDateTime: "2026-11-01T00:00:00Z" }),
    ),
    decision: WAIT,
  },
  {
    name: "a failed step ends the request",
    steps: ["resetPasscode", "syncDevice"],
    records: [finished(0, "failed")],
    decision: finish("failed", "Reported"),
  },
  {
    name: "a failed step ends the request without its device",
    steps: ["resetPasscode", "syncDevice"],
    records: [finished(0, "failed")],
    since: null,
    decision: finish("failed", "Reported"),
  },
  {
    name: "a later step that failed ends the request, though an earlier one is open",
    steps: ["resetPasscode", "remoteLock"],
    records: [...sent(0), finished(1, "failed")],
    decision: finish("failed", "Reported"),
  },
  { name: "every step is done", steps: UNLOCK_AND_WIPE, records: ended(0, 1, 2), decision: finish("succeeded", "Finished") },
  {
    name: "every step is done or superseded",
    steps: ["rebootNow", "wipe"],
    records: [finished(0, "superseded"), ...ended(1)],
    decision: { verdict: { outcome: "succeeded", message: expect.stringMatching(/superseded.*rebootNow/) } },
  },
  {
    name: "every step is done, and the device is gone",
    steps: UNLOCK_AND_WIPE,
    records: ended(0, 1, 2),
    since: null,
    decision: finish("succeeded", "Finished"),
  },
  {
    name: "every step is done, and the device was enrolled anew",
    steps: UNLOCK_AND_WIPE,
    records: ended(0, 1, 2),
    since: ANEW,
    decision: finish("succeeded", "Finished"),
  },
  {
    name: "every step is done, and the request expired",
    steps: UNLOCK_AND_WIPE,
    records: ended(0, 1, 2),
    now: TOO_LATE,
    decision: finish("succeeded", "Finished"),
  },
];

describe("an accepted call", () => {
  test.each(FOLLOWING)("$name", (row) => {
    expect(decide(row)).toMatchObject(row.decision);
  });
});

const WAITING: readonly Row[] = [
  { name: "holds back what follows", steps: ["resetPasscode", "waitFor", "syncDevice"], records: sent(0), decision: WAIT },
  {
    name: "is pending when the time is over",
    steps: ["resetPasscode", "waitFor", "syncDevice"],
    records: sent(0),
    mayWait: false,
    decision: finish("pending", "Accepted"),
  },
  {
    name: "is over with the step before it",
    steps: ["resetPasscode", "waitFor", "syncDevice"],
    records: ended(0),
    decision: finishStep(1, "done", "Waited"),
  },
  { name: "lets the next step start then", steps: ["resetPasscode", "waitFor", "syncDevice"], records: ended(0, 1), decision: send(2) },
  {
    name: "waits for every step before it",
    steps: ["resetPasscode", "remoteLock", "waitFor", "syncDevice"],
    records: [...sent(0), ...ended(1)],
    decision: WAIT,
  },
  {
    name: "is not held back by followOnly",
    steps: ["resetPasscode", "waitFor"],
    records: ended(0),
    followOnly: true,
    decision: finishStep(1, "done", "Waited"),
  },
  {
    name: "is over without its device",
    steps: ["resetPasscode", "waitFor"],
    records: ended(0),
    since: null,
    decision: finishStep(1, "done", "Waited"),
  },
];

describe("waitFor", () => {
  test.each(WAITING)("$name", (row) => {
    expect(decide(row)).toMatchObject(row.decision);
  });
});

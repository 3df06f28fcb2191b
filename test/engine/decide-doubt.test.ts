import { describe, expect, test } from "@jest/globals";
import { ANDROID, actionResult } from "../support/fakes-devices.ts";
import { AT, finished, intent, outcome, result, sent, settled } from "../support/fakes-records.ts";
import { UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import {
  ANEW,
  decide,
  ended,
  finish,
  finishStep,
  GRACE,
  type Row,
  readCode,
  reports,
  send,
  TOO_LATE,
  WAIT,
} from "../support/fakes-situation.ts";

/**
 * The first step was looked at so often before, since so many milliseconds after the beginning of
 * the test.
 */
const looks = (count: number, since = 0) => [[0, { since: Date.parse(AT) + since, looks: count }]] as const;
const after = (milliseconds: number) => new Date(Date.parse(AT) + milliseconds).toISOString();

const DOUBT: readonly Row[] = [
  {
    name: "a new entry ends it",
    steps: ["resetPasscode"],
    records: sent(0, "unknown"),
    since: reports(actionResult("resetPasscode", "pending")),
    decision: { kind: "resolveDoubt", intent: { step: 0 } },
  },
  {
    name: "a new entry ends it after a crash, long after the grace period",
    steps: ["resetPasscode"],
    records: [intent(0)],
    now: Date.parse(AT) + 100 * GRACE,
    since: reports(actionResult("resetPasscode", "failed")),
    decision: { kind: "resolveDoubt", intent: { step: 0 } },
  },
  {
    name: "a new management state ends it",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "unknown"),
    since: { managementState: "wipePending" },
    decision: { kind: "resolveDoubt" },
  },
  {
    name: "the entry of before proves nothing",
    steps: ["resetPasscode"],
    records: [intent(0, { snapshot: [actionResult("resetPasscode", "done")] })],
    since: reports(actionResult("resetPasscode", "done")),
    decision: { kind: "wait", atMostMs: GRACE / 3 },
  },
  {
    name: "within the grace period it is watched",
    steps: ["resetPasscode"],
    records: [intent(0)],
    now: Date.parse(AT) + 12_000,
    decision: { kind: "wait", atLeastMs: 0, atMostMs: GRACE / 3 },
  },
  {
    name: "it is looked at once more right at the end of the grace period",
    steps: ["resetPasscode"],
    records: [intent(0)],
    now: Date.parse(AT) + GRACE - 4_000,
    decision: { kind: "wait", atMostMs: 4_000 },
  },
  {
    name: "after the grace period, and enough looks, a person has to settle it",
    steps: ["resetPasscode"],
    records: [intent(0)],
    now: Date.parse(AT) + GRACE,
    doubts: looks(2),
    decision: finish("ambiguous", "InDoubt"),
  },
  {
    name: "the grace period begins when the doubt does: a call that was cut off after 25 s has all of it",
    steps: ["resetPasscode"],
    records: [intent(0), result(0, "unknown", { at: after(25_000) })],
    sent: [0],
    now: Date.parse(AT) + GRACE,
    doubts: looks(3, 25_000),
    decision: { kind: "wait", atMostMs: GRACE / 3 },
  },
  {
    name: "in the run that sent it two looks are too few, though the grace period is over",
    steps: ["resetPasscode"],
    records: sent(0, "unknown"),
    sent: [0],
    now: Date.parse(AT) + GRACE,
    doubts: looks(1),
    decision: { kind: "wait", atLeastMs: 5_000, atMostMs: 5_000 },
  },
  {
    name: "a call of a run that died long ago is looked at three times, some seconds apart",
    steps: ["resetPasscode"],
    records: [intent(0)],
    now: Date.parse(AT) + 100 * GRACE,
    doubts: looks(1),
    decision: { kind: "wait", atLeastMs: 5_000 },
  },
  {
    name: "an old doubt is looked at twice, some seconds apart",
    steps: ["resetPasscode"],
    records: sent(0, "unknown"),
    now: Date.parse(AT) + 100 * GRACE,
    decision: { kind: "wait", atLeastMs: 5_000 },
  },
  {
    name: "an old doubt that was looked at twice has to be settled",
    steps: ["resetPasscode"],
    records: sent(0, "unknown"),
    now: Date.parse(AT) + 100 * GRACE,
    doubts: looks(1),
    decision: finish("ambiguous", "InDoubt"),
  },
  {
    name: "an old doubt has to be settled after one look, where the run has no time to wait",
    steps: ["resetPasscode"],
    records: sent(0, "unknown"),
    now: Date.parse(AT) + 100 * GRACE,
    mayWait: false,
    decision: finish("ambiguous", "InDoubt"),
  },
  {
    name: "an old doubt that was told already is looked at once",
    steps: ["resetPasscode"],
    records: [...sent(0, "unknown"), outcome("ambiguous")],
    now: Date.parse(AT) + 100 * GRACE,
    decision: finish("ambiguous", "InDoubt"),
  },
  {
    name: "a run that has no time to wait does not judge its own call by one look",
    steps: ["resetPasscode"],
    records: sent(0, "unknown"),
    sent: [0],
    now: Date.parse(AT) + GRACE,
    mayWait: false,
    decision: finish("pending", "NoAnswer"),
  },
  {
    name: "without time to wait the next run looks again",
    steps: ["resetPasscode"],
    records: [intent(0)],
    mayWait: false,
    decision: finish("pending", "NoAnswer"),
  },
  {
    name: "without time to wait, an intent by a clock ahead of ours has to be settled",
    steps: ["resetPasscode"],
    records: [intent(0, { at: "2026-11-21T12:00:00.000Z" })],
    mayWait: false,
    decision: finish("ambiguous", "InDoubt"),
  },
  {
    name: "an intent by a clock ahead of ours is watched for one grace period",
    steps: ["resetPasscode"],
    records: [intent(0, { at: "2026-11-21T12:00:00.000Z" })],
    decision: { kind: "wait", atMostMs: GRACE / 3 },
  },
  {
    name: "an intent by a clock ahead of ours is not watched for longer",
    steps: ["resetPasscode"],
    records: [intent(0, { at: "2026-11-21T12:00:00.000Z" })],
    now: Date.parse(AT) + GRACE,
    doubts: looks(5),
    decision: finish("ambiguous", "InDoubt"),
  },
  {
    name: "an intent of no time at all is watched for one grace period",
    steps: ["resetPasscode"],
    records: [intent(0, { at: "once" })],
    decision: { kind: "wait", atMostMs: GRACE / 3 },
  },
  {
    name: "an intent of no time at all is not watched for longer",
    steps: ["resetPasscode"],
    records: [intent(0, { at: "once" })],
    now: Date.parse(AT) + GRACE,
    doubts: looks(5),
    decision: finish("ambiguous", "InDoubt"),
  },
  {
    name: "a device that is gone proves nothing",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "unknown"),
    since: null,
    decision: finish("ambiguous", "InDoubt"),
  },
  {
    name: "a device that is gone proves nothing, though an earlier step is open",
    steps: UNLOCK_AND_WIPE,
    records: [...ended(0), ...sent(1), ...sent(2, "unknown")],
    since: null,
    decision: finish("ambiguous", "InDoubt"),
  },
  {
    name: "a device that is gone proves nothing, though an earlier step is in doubt as well",
    steps: ["resetPasscode", "wipe"],
    device: ANDROID,
    records: [...sent(0), intent(1)],
    since: null,
    decision: finish("ambiguous", "InDoubt"),
  },
  {
    name: "it ends at once in no other enrolment",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "unknown"),
    since: { ...ANEW, ...reports(actionResult("wipe", "done")) },
    decision: finish("ambiguous", "InDoubt"),
  },
  {
    name: "an action that is safe to repeat is sent again by the next run",
    steps: ["syncDevice"],
    records: [intent(0)],
    decision: send(0),
  },
  {
    name: "an action that is safe to repeat is not sent twice in one run",
    steps: ["syncDevice"],
    records: [intent(0)],
    sent: [0],
    decision: finish("pending", "NoAnswer"),
  },
  {
    name: "an action that is safe to repeat expires too",
    steps: ["syncDevice"],
    records: [intent(0)],
    now: TOO_LATE,
    decision: finish("expired", "Expired"),
  },
  {
    name: "a bypass in doubt that the device reports is not sent again",
    steps: ["bypassActivationLock"],
    records: [intent(0)],
    since: reports(actionResult("bypassActivationLock", "active")),
    decision: { kind: "resolveDoubt" },
  },
  {
    name: "a later step does not start meanwhile",
    steps: ["resetPasscode", "syncDevice"],
    records: [intent(0)],
    decision: { kind: "wait", for: "doubt" },
  },
  {
    name: "a step of a newer version stays in doubt",
    steps: ["levitate"],
    records: [intent(0)],
    decision: finish("ambiguous", "InDoubt"),
  },
  {
    name: "settled as not taken, a wipe begins with a fresh read",
    steps: ["escrowBypassCode", "wipe"],
    records: [...ended(0), intent(1), settled(1, "not-taken")],
    decision: readCode(1),
  },
  {
    name: "settled as not taken, it is sent again",
    steps: ["escrowBypassCode", "wipe"],
    records: [...ended(0), intent(1), settled(1, "not-taken")],
    codeIsFresh: true,
    decision: send(1),
  },
  {
    name: "settled as taken, where the device says nothing",
    steps: ["resetPasscode"],
    records: [intent(0), settled(0, "taken")],
    decision: finishStep(0, "done", "Settled"),
  },
  {
    name: "settled as taken, what the device reports counts more",
    steps: ["resetPasscode"],
    records: [intent(0), settled(0, "taken")],
    since: reports(actionResult("resetPasscode", "failed")),
    decision: finishStep(0, "failed", "Reported"),
  },
  {
    name: "settled as taken, a device that is still at it is waited for",
    steps: ["resetPasscode"],
    records: [intent(0), settled(0, "taken")],
    since: reports(actionResult("resetPasscode", "pending")),
    decision: WAIT,
  },
  {
    name: "settled as taken, and the device is gone since",
    steps: ["resetPasscode"],
    records: [intent(0), settled(0, "taken")],
    since: null,
    decision: finishStep(0, "done", "Settled"),
  },
  {
    name: "settled as taken, and the device was enrolled anew since",
    steps: ["wipe"],
    device: ANDROID,
    records: [intent(0), settled(0, "taken")],
    since: ANEW,
    decision: finishStep(0, "done", "Settled"),
  },
  {
    name: "a bypass before a wipe that was settled as taken",
    steps: UNLOCK_AND_WIPE,
    records: [...ended(0), ...sent(1), intent(2), settled(2, "taken"), finished(2, "done", { reason: "Settled" })],
    since: ANEW,
    decision: finishStep(1, "done", "ResultNotReported"),
  },
];

describe("doubt", () => {
  test.each(DOUBT)("$name", (row) => {
    expect(decide(row)).toMatchObject(row.decision);
  });
});

describe("what people read", () => {
  test("an ambiguous step names itself, and how to settle it", () => {
    const decision = decide({ steps: ["resetPasscode"], records: [intent(0)], now: Date.parse(AT) + GRACE, doubts: looks(2) });

    expect(decision).toMatchObject({
      verdict: { message: expect.stringMatching(/resetPasscode.*dlr settle leeds-leaver-0042 --taken/) },
    });
  });

  test("a rule that stops a request says what to write instead", () => {
    expect(decide({ steps: ["wipe"] })).toMatchObject({
      verdict: { message: expect.stringContaining("escrowBypassCode") },
    });
  });

  test("a pending request names the open steps", () => {
    const decision = decide({
      steps: ["resetPasscode", "remoteLock"],
      records: [...sent(0), ...sent(1)],
      mayWait: false,
    });

    expect(decision).toMatchObject({ verdict: { message: expect.stringContaining("resetPasscode, remoteLock") } });
  });
});

describe("the grace period", () => {
  const doubt = (at: string) => [intent(0, { at: "2026-11-20T11:59:00.000Z" }), result(0, "unknown", { at })];

  test.each([
    [
      "runs from the doubt, not from the intent a minute before",
      "2026-11-20T11:59:50.000Z",
      { kind: "wait", for: "doubt", atMostMs: GRACE / 3 },
    ],
    ["is over a grace period after the doubt", "2026-11-20T11:59:30.000Z", finish("ambiguous", "InDoubt")],
  ])("%s", (_name, at, expected) => {
    expect(
      decide({ steps: ["wipe"], device: ANDROID, records: doubt(at), now: Date.parse("2026-11-20T12:00:00.000Z"), doubts: looks(2) }),
    ).toMatchObject(expected);
  });
});

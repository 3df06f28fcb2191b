import { describe, expect, test } from "@jest/globals";
import { seen } from "../../providers/domain/observation.ts";
import { ANDROID, actionResult, IPAD } from "../support/fakes-devices.ts";
import { adopted, escrowed, intent, result, sent, settled } from "../support/fakes-records.ts";
import { UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { ANEW, decide, ended, finish, finishStep, type Row, readCode, reports, send, TOO_LATE } from "../support/fakes-situation.ts";

const NOT_TAKEN: readonly Row[] = [
  {
    name: "throttled in this run",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "notSent"),
    sent: [0],
    decision: finish("pending", "NotTaken"),
  },
  { name: "throttled in an earlier run", steps: ["wipe"], device: ANDROID, records: sent(0, "notSent"), decision: send(0) },
  {
    name: "throttled in an earlier run, on a supervised iPad",
    steps: ["escrowBypassCode", "wipe"],
    records: [...ended(0), ...sent(1, "notSent")],
    decision: readCode(1),
  },
  {
    name: "throttled, and started elsewhere since",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "notSent"),
    since: reports(actionResult("wipe", "pending")),
    decision: { kind: "adopt" },
  },
  {
    name: "throttled, and followOnly since",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "notSent"),
    followOnly: true,
    decision: finish("pending", "FollowOnly"),
  },
  {
    name: "throttled, and gone since",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "notSent"),
    since: null,
    decision: finish("failed", "DeviceGone"),
  },
  {
    name: "throttled, and enrolled anew since",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "notSent"),
    since: ANEW,
    decision: finish("failed", "EnrolledAnew"),
  },
  {
    name: "approval asked for in this run",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "approvalRequired"),
    sent: [0],
    decision: finish("awaitingApproval", "ApprovalRequired"),
  },
  {
    name: "approval asked for in an earlier run: the same call with the approval",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "approvalRequired"),
    decision: { ...send(0), approvalRequest: "approval-1" },
  },
  {
    name: "approval asked for in an earlier run, and nobody has answered: nothing is sent",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "approvalRequired"),
    approval: { kind: "waiting" },
    decision: finish("awaitingApproval", "ApprovalRequired"),
  },
  {
    name: "approved, and not taken in this run: why, and not that it still has to be approved",
    steps: ["wipe"],
    device: ANDROID,
    records: [
      ...sent(0, "approvalRequired"),
      intent(0, { attempt: 2 }),
      result(0, "notSent", { attempt: 2, detail: "not sent: Graph answered 401; get a new token" }),
    ],
    sent: [0],
    approval: { kind: "approved" },
    decision: {
      verdict: {
        outcome: "awaitingApproval",
        reason: "NotTaken",
        message:
          "Graph did not take wipe, which approval request approval-1 is for: not sent: Graph answered 401; get a new token; the next up sends it again",
      },
    },
  },
  {
    name: "approved",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "approvalRequired"),
    approval: { kind: "approved" },
    decision: { ...send(0), approvalRequest: "approval-1" },
  },
  {
    name: "rejected",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "approvalRequired"),
    approval: { kind: "refused", detail: "another administrator rejected it" },
    decision: finishStep(0, "failed", "ApprovalRefused"),
  },
  {
    name: "approval asked for, on a supervised iPad: a fresh read first",
    steps: ["escrowBypassCode", "wipe"],
    records: [...ended(0), ...sent(1, "approvalRequired")],
    decision: readCode(1),
  },
  {
    name: "approval asked for, and followOnly",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "approvalRequired"),
    followOnly: true,
    decision: { ...send(0), approvalRequest: "approval-1" },
  },
  {
    name: "approval asked for, and in no review",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "approvalRequired"),
    approval: { kind: "approved" },
    seen: { review: seen("it is not in the review", 0, "the review") },
    decision: finish("pending", "NotReviewed"),
  },
  {
    name: "approval asked for, in no review, and followOnly: it was reviewed when it was asked for",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "approvalRequired"),
    seen: { review: seen("requireReview is set", 0, "the review") },
    followOnly: true,
    decision: { ...send(0), approvalRequest: "approval-1" },
  },
  {
    name: "started elsewhere and judged to have come to nothing",
    steps: ["wipe"],
    device: ANDROID,
    records: [adopted(0), settled(0, "not-taken", { attempt: 0 })],
    decision: send(0),
  },
  {
    name: "started elsewhere and judged to have come to nothing, and followOnly",
    steps: ["wipe"],
    device: ANDROID,
    records: [adopted(0), settled(0, "not-taken", { attempt: 0 })],
    followOnly: true,
    decision: finish("pending", "FollowOnly"),
  },
  {
    name: "approval asked for, and expired since",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "approvalRequired"),
    now: TOO_LATE,
    decision: finish("expired", "Expired"),
  },
  {
    name: "a resubmission that was throttled keeps its approval",
    steps: ["wipe"],
    device: ANDROID,
    records: [...sent(0, "approvalRequired"), intent(0, { attempt: 2 }), result(0, "notSent", { attempt: 2 })],
    decision: { ...send(0), approvalRequest: "approval-1" },
  },
  { name: "refused", steps: ["wipe"], device: ANDROID, records: sent(0, "refused"), decision: finishStep(0, "failed", "Refused") },
  {
    name: "refused, and gone since",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "refused"),
    since: null,
    decision: finishStep(0, "failed", "Refused"),
  },
];

describe("a call that Graph did not take", () => {
  test.each(NOT_TAKEN)("$name", (row) => {
    expect(decide(row)).toMatchObject(row.decision);
  });
});

const ENROLLED_ANEW: readonly Row[] = [
  { name: "before anything was sent", steps: UNLOCK_AND_WIPE, since: ANEW, decision: finish("failed", "EnrolledAnew") },
  {
    name: "after escrow",
    steps: UNLOCK_AND_WIPE,
    records: [escrowed(0), ...ended(0)],
    codeIsFresh: true,
    since: ANEW,
    decision: finish("failed", "EnrolledAnew"),
  },
  {
    name: "with a wipe accepted",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0),
    since: { ...ANEW, ...reports(actionResult("wipe", "done")) },
    decision: finish("failed", "EnrolledAnew"),
  },
  {
    name: "with an approval asked for",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "approvalRequired"),
    since: ANEW,
    decision: finish("failed", "EnrolledAnew"),
  },
  {
    name: "to no known time: that is not readable, and no other enrolment",
    steps: ["syncDevice"],
    since: { enrolledDateTime: null },
    decision: finish("pending", "EnrolmentNotReadable"),
  },
  {
    name: "to no known time, after an accepted wipe",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0),
    since: { enrolledDateTime: null, ...reports(actionResult("wipe", "done")) },
    decision: finish("pending", "EnrolmentNotReadable"),
  },
  {
    name: "to no known time, while a wipe is in doubt: a doubt that cannot be looked at is not settled",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "unknown"),
    since: { enrolledDateTime: null },
    decision: finish("pending", "EnrolmentNotReadable"),
  },
  {
    name: "from no known time: no other enrolment either",
    steps: ["syncDevice"],
    device: { ...IPAD, enrolledDateTime: null },
    since: ANEW,
    decision: send(0),
  },
  {
    name: "a time that was never known keeps nothing from being sent that destroys nothing",
    steps: ["syncDevice"],
    device: { ...IPAD, enrolledDateTime: null },
    decision: send(0),
  },
  {
    name: "a time that was never known holds what destroys, from the first step on",
    steps: UNLOCK_AND_WIPE,
    device: { ...IPAD, enrolledDateTime: null },
    decision: finish("pending", "EnrolmentUnknown"),
  },
  {
    name: "a time that is known now does not pin a plan that was made without it",
    steps: ["wipe"],
    device: { ...ANDROID, enrolledDateTime: null },
    since: ANEW,
    decision: finish("pending", "EnrolmentUnknown"),
  },
];

describe("a device enrolled anew", () => {
  test.each(ENROLLED_ANEW)("$name", (row) => {
    expect(decide(row)).toMatchObject(row.decision);
  });
});

test("an approval that cannot be read now holds the step: nothing is sent on a guess", () => {
  const approval = { kind: "unreadable", reason: "GraphNotReadable", why: "Graph did not answer", at: 0 } as const;

  const decision = decide({ steps: ["wipe"], device: ANDROID, records: sent(0, "approvalRequired"), seen: { approval } });

  expect(decision).toMatchObject(finish("awaitingApproval", "ApprovalNotReadable"));
});

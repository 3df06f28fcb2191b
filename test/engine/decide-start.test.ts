import { describe, expect, test } from "@jest/globals";
import { ANDROID, actionResult, MAC, UNSUPERVISED_IPAD } from "../support/fakes-devices.ts";
import { finished, sent } from "../support/fakes-records.ts";
import { UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { decide, ended, finish, finishStep, type Row, readCode, reports, send, TOO_LATE, terms, WAIT } from "../support/fakes-situation.ts";

const STARTING: readonly Row[] = [
  { name: "escrow comes first", steps: UNLOCK_AND_WIPE, decision: readCode(0) },
  {
    name: "escrow is passed over where there can be no code",
    steps: ["escrowBypassCode", "wipe"],
    device: ANDROID,
    decision: finishStep(0, "done", "NotApplicable"),
  },
  {
    name: "escrow is passed over on an unsupervised iPad",
    steps: ["escrowBypassCode", "syncDevice"],
    device: UNSUPERVISED_IPAD,
    decision: finishStep(0, "done", "NotApplicable"),
  },
  { name: "the step after escrow is sent", steps: UNLOCK_AND_WIPE, records: ended(0), decision: send(1) },
  {
    name: "the wipe of a supervised iPad reads the code again first",
    steps: UNLOCK_AND_WIPE,
    records: [...ended(0), ...sent(1)],
    decision: readCode(2),
  },
  {
    name: "the wipe follows the fresh read, without waiting for the bypass",
    steps: UNLOCK_AND_WIPE,
    records: [...ended(0), ...sent(1)],
    codeIsFresh: true,
    decision: send(2),
  },
  { name: "a retire reads the code first too", steps: ["escrowBypassCode", "retire"], records: ended(0), decision: readCode(1) },
  {
    name: "a wipe of a Mac reads the code first too",
    steps: ["escrowBypassCode", "wipe"],
    device: MAC,
    records: ended(0),
    decision: readCode(1),
  },
  { name: "a wipe of an Android phone has no code to read", steps: ["wipe"], device: ANDROID, decision: send(0) },
  {
    name: "a device that became supervised since has its code read",
    steps: ["escrowBypassCode", "wipe"],
    device: UNSUPERVISED_IPAD,
    since: { isSupervised: true },
    records: [finished(0, "done", { reason: "NotApplicable" })],
    decision: readCode(1),
  },
  {
    name: "the last instant of the day is not expired",
    steps: ["syncDevice"],
    now: Date.parse("2026-12-31T23:59:59.999Z"),
    decision: send(0),
  },
  {
    name: "the end of the day is expired",
    steps: ["syncDevice"],
    now: TOO_LATE,
    decision: finish("expired", "Expired"),
  },
  {
    name: "an expired request does not read a code",
    steps: UNLOCK_AND_WIPE,
    now: TOO_LATE,
    decision: finish("expired", "Expired"),
  },
  {
    name: "an expired request goes no further",
    steps: UNLOCK_AND_WIPE,
    records: [...ended(0), ...sent(1)],
    codeIsFresh: true,
    now: TOO_LATE,
    decision: finish("expired", "Expired"),
  },
  {
    name: "an expired request without expiry goes on",
    steps: ["syncDevice"],
    terms: terms(),
    now: Date.parse("2099-01-01T00:00:00Z"),
    decision: send(0),
  },
  { name: "a device that is gone", steps: ["wipe"], since: null, decision: finish("failed", "DeviceGone") },
  { name: "a device that is gone before escrow", steps: UNLOCK_AND_WIPE, since: null, decision: finish("failed", "DeviceGone") },
  {
    name: "a device that is gone before the next step",
    steps: ["resetPasscode", "syncDevice"],
    since: null,
    records: ended(0),
    decision: finish("failed", "DeviceGone"),
  },
  { name: "a rule of a later step stops the first", steps: ["wipe"], decision: finish("failed", "EscrowMissing") },
  {
    name: "a rule of a later step stops escrow",
    steps: ["escrowBypassCode", "wipe"],
    since: { managedDeviceOwnerType: "personal" },
    decision: finish("failed", "PersonalDevice"),
  },
  {
    name: "what the requester acknowledged since lets it go on",
    steps: ["escrowBypassCode", "wipe"],
    since: { managedDeviceOwnerType: "personal" },
    terms: terms("dataLoss", "personalDevice"),
    decision: readCode(0),
  },
  { name: "followOnly starts nothing", steps: UNLOCK_AND_WIPE, followOnly: true, decision: finish("pending", "FollowOnly") },
  {
    name: "followOnly starts no later step either",
    steps: UNLOCK_AND_WIPE,
    followOnly: true,
    records: ended(0, 1),
    codeIsFresh: true,
    decision: finish("pending", "FollowOnly"),
  },
  {
    name: "followOnly adopts nothing",
    steps: ["resetPasscode"],
    followOnly: true,
    since: reports(actionResult("resetPasscode", "pending")),
    decision: finish("pending", "FollowOnly"),
  },
  { name: "a step of a newer version", steps: ["levitate"], decision: finish("failed", "UnknownStep") },
  {
    name: "the same action under way from elsewhere becomes the step's",
    steps: ["resetPasscode"],
    since: reports(actionResult("ResetPasscode", "active")),
    decision: { kind: "adopt", step: { index: 0 }, result: { actionState: "active" } },
  },
  {
    name: "a wipe under way from elsewhere that only managementState tells",
    steps: ["wipe"],
    device: ANDROID,
    since: { managementState: "wipePending" },
    decision: { kind: "adopt", step: { index: 0 }, result: { actionState: "pending" } },
  },
  {
    name: "a wipe in a state that we do not know may be under way",
    steps: ["wipe"],
    device: ANDROID,
    since: reports(actionResult("wipe", "unknown")),
    decision: { kind: "adopt", step: { index: 0 }, result: { actionState: "unknown" } },
  },
  {
    name: "another action under way is none of ours",
    steps: ["resetPasscode"],
    since: reports(actionResult("wipe", "pending")),
    decision: send(0),
  },
  {
    name: "an earlier step of the same action is waited for",
    steps: ["remoteLock", "remoteLock"],
    records: sent(0),
    since: reports(actionResult("remoteLock", "pending")),
    decision: WAIT,
  },
  {
    name: "an earlier step of the same action that is over is not",
    steps: ["remoteLock", "remoteLock"],
    records: ended(0),
    since: reports(actionResult("remoteLock", "done")),
    decision: send(1),
  },
];

describe("a step starts", () => {
  test.each(STARTING)("$name", (row) => {
    expect(decide(row)).toMatchObject(row.decision);
  });
});

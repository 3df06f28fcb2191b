import { describe, expect, test } from "@jest/globals";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import type { ResultRecord } from "../../providers/domain/step-record.ts";
import { LedgerIndex } from "../../providers/ledger/ledger-index.ts";
import { AT, begun, DEVICE, intent, result } from "../contract/sample-records.ts";
import { adopted, settled } from "../support/fakes-records.ts";

function indexOf(...records: readonly LedgerRecord[]): LedgerIndex {
  const index = new LedgerIndex();
  for (const record of records) index.add(record);
  return index;
}

const answered = (word: ResultRecord["result"], attempt = 1) => [
  intent("a#1", { attempt }),
  result("a#1", { attempt, result: word, ...(word === "approvalRequired" ? { approvalRequest: "approval-1" } : {}) }),
];

const DAY_BEFORE = Date.parse(AT) - 24 * 60 * 60 * 1000;

function counted(index: LedgerIndex) {
  return { has: index.hasDestroyed("a#1"), since: [...index.destroyedSince(DAY_BEFORE)] };
}

const COUNTS = { has: true, since: ["a#1"] };
const COUNTS_NOT = { has: false, since: [] };

describe("a wipe counts against maxDestructive", () => {
  test.each<[string, readonly LedgerRecord[]]>([
    ["when it was taken over from somebody else", [adopted(0, { key: "a#1" })]],
    ["while its answer is not known yet: the run may have died", [intent("a#1")]],
    ["when its answer was lost", answered("unknown")],
    ["when Graph took it", answered("accepted")],
    ["when a person found that a lost one was taken", [...answered("unknown"), settled(0, "taken", { key: "a#1" })]],
    ["when it was taken at the second attempt", [...answered("notSent"), ...answered("accepted", 2)]],
    ["when the answer to the second attempt was lost", [...answered("notSent"), ...answered("unknown", 2)]],
    ["whatever is told of another attempt", [...answered("unknown"), result("a#1", { attempt: 2, result: "refused" })]],
    ["whatever is told of another step", [...answered("unknown"), result("a#1", { step: 1, result: "refused" })]],
    ["whatever a person found of another attempt", [...answered("unknown"), settled(0, "not-taken", { key: "a#1", attempt: 2 })]],
    ["whatever a person found of another step", [...answered("unknown"), settled(1, "not-taken", { key: "a#1" })]],
    ["whatever is told of another request", [...answered("unknown"), result("b#1", { result: "refused" })]],
  ])("%s", (_, records) => {
    expect(counted(indexOf(...records))).toEqual(COUNTS);
  });

  test.each<[string, readonly LedgerRecord[]]>([
    ["refused", answered("refused")],
    ["throttled", answered("notSent")],
    ["waiting for an approval", answered("approvalRequired")],
    ["waiting for a sign-in", answered("signInRequired")],
    ["found by a person not to have been taken", [...answered("unknown"), settled(0, "not-taken", { key: "a#1" })]],
  ])("but not one that was %s", (_, records) => {
    expect(counted(indexOf(...records))).toEqual(COUNTS_NOT);
  });

  test("at the time of the attempt that may have been taken, not of an earlier one that was not", () => {
    const early = intent("a#1", { at: "2026-11-18T12:00:00.000Z" });

    const index = indexOf(early, result("a#1", { result: "notSent" }), intent("a#1", { attempt: 2 }));

    expect(counted(index)).toEqual(COUNTS);
  });

  test("and stays on record for its device, whatever became of it", () => {
    const index = indexOf(...answered("refused"));

    expect(index.destructiveIntents(DEVICE)).toHaveLength(1);
  });
});

describe("a call counts against the daily quota", () => {
  const LONG_AGO = "2026-11-18T12:00:00.000Z";
  const notTaken = (attempt: number) => settled(0, "not-taken", { key: "a#1", attempt });
  const sent = (...records: readonly LedgerRecord[]) => indexOf(...records).sentSince("wipe", DAY_BEFORE);

  test.each<[string, readonly LedgerRecord[], number]>([
    ["while its answer is not known", [intent("a#1")], 1],
    ["when its answer was lost", answered("unknown"), 1],
    ["when Graph took it", answered("accepted"), 1],
    ["when a person found that a lost one was taken", [...answered("unknown"), settled(0, "taken", { key: "a#1" })], 1],
    [
      "when Graph took it and a person found that it came to nothing",
      [...answered("accepted"), settled(0, "not-taken", { key: "a#1" })],
      1,
    ],
    ["each attempt for itself", [...answered("notSent"), ...answered("unknown", 2), ...answered("accepted", 3)], 2],
    ["whatever is told of another attempt", [...answered("unknown"), result("a#1", { attempt: 2, result: "refused" })], 1],
    ["whatever is told of another step", [...answered("unknown"), result("a#1", { step: 1, result: "refused" })], 1],
    ["whatever is told of another request", [...answered("unknown"), intent("b#1"), result("b#1", { result: "refused" })], 1],
    ["whatever a person found of another attempt", [...answered("unknown"), settled(0, "not-taken", { key: "a#1", attempt: 2 })], 1],
    ["whatever became of an earlier one that Graph took", [...answered("accepted"), ...answered("unknown", 2), notTaken(2)], 1],
    ["as often as its intent is there, and is taken out once for each answer", [intent("a#1"), ...answered("refused")], 1],
    ["but not when it is an action of another name", [intent("a#1", { action: "retire" })], 0],
    ["but not when it was taken over: nothing was sent", [adopted(0, { key: "a#1" })], 0],
    ["but not for ever", [intent("a#1", { at: LONG_AGO })], 0],
  ])("%s", (_, records, expected) => {
    expect(sent(...records)).toBe(expected);
  });

  test.each([
    ["another attempt", intent("a#1", { attempt: 2, at: LONG_AGO })],
    ["another step", intent("a#1", { step: 1, at: LONG_AGO })],
    ["another request", intent("b#1", { at: LONG_AGO })],
  ])("and it is the one that was not taken that counts no more, not that of %s", (_, other) => {
    expect(sent(intent("a#1"), other, result("a#1", { result: "refused" }))).toBe(0);
  });

  test.each<[string, readonly LedgerRecord[]]>([
    ["refused", answered("refused")],
    ["throttled", answered("notSent")],
    ["throttled many times", Array.from({ length: 600 }, (_, index) => answered("notSent", index + 1)).flat()],
    ["waiting for an approval", answered("approvalRequired")],
    ["waiting for a sign-in", answered("signInRequired")],
    ["found by a person not to have been taken", [...answered("unknown"), settled(0, "not-taken", { key: "a#1" })]],
  ])("but not one that was %s", (_, records) => {
    expect(sent(...records)).toBe(0);
  });
});

describe("a lock counts against maxDisruptive", () => {
  const lock = intent("a#1", { action: "remoteLock", destroysData: false });
  const countedLocks = (index: LedgerIndex) => ({ has: index.hasLockedOut("a#1"), since: [...index.lockedOutSince(DAY_BEFORE)] });

  test.each<[string, readonly LedgerRecord[], object]>([
    ["of whatever version wrote it: by the action's name", [lock], COUNTS],
    ["when it was taken over from somebody else", [adopted(0, { key: "a#1", action: "remoteLock", destroysData: false })], COUNTS],
    ["once, by its first step", [lock, intent("a#1", { step: 1, action: "resetPasscode", destroysData: false })], COUNTS],
    ["but not where Graph did not take it", [lock, result("a#1", { result: "refused" })], COUNTS_NOT],
    ["but not in a request that destroys data besides", [begun("a#1"), lock], COUNTS_NOT],
    ["but not where it locks nobody out", [intent("a#1", { action: "syncDevice", destroysData: false })], COUNTS_NOT],
    ["but not a wipe", [intent("a#1")], COUNTS_NOT],
    ["but not for ever", [{ ...lock, at: "2026-11-18T12:00:00.000Z" }], { has: true, since: [] }],
    ["of no readable time", [{ ...lock, at: "then" }], COUNTS],
  ])("%s", (_, records, expected) => {
    expect(countedLocks(indexOf(...records))).toEqual(expected);
  });

  test("and a later one is in the next answer", () => {
    const index = indexOf(lock);
    index.lockedOutSince(DAY_BEFORE);

    index.add({ ...lock, key: "b#1" });

    expect([...index.lockedOutSince(DAY_BEFORE)]).toEqual(["a#1", "b#1"]);
  });
});

describe("that an action asks for approval", () => {
  test("is remembered, also after one call was approved and taken", () => {
    const index = indexOf(...answered("approvalRequired"), ...answered("accepted", 2));

    expect(index.wasApprovalAsked("wipe")).toBe(true);
  });

  test("is remembered when another call was refused or lost", () => {
    const index = indexOf(
      ...answered("approvalRequired"),
      intent("b#1"),
      result("b#1", { result: "refused" }),
      intent("c#1"),
      result("c#1", { result: "unknown" }),
    );

    expect(index.wasApprovalAsked("wipe")).toBe(true);
  });

  test("is forgotten once a call was taken without it", () => {
    const index = indexOf(...answered("approvalRequired"), intent("b#1"), result("b#1"));

    expect(index.wasApprovalAsked("wipe")).toBe(false);
  });

  test("says nothing of other actions", () => {
    const retire = intent("b#1", { action: "retire" });

    const index = indexOf(...answered("approvalRequired"), retire, result("b#1"));

    expect([index.wasApprovalAsked("wipe"), index.wasApprovalAsked("retire")]).toEqual([true, false]);
  });
});

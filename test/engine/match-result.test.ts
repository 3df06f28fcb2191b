import { describe, expect, test } from "@jest/globals";
import { findRemoteAction, type RemoteAction } from "../../providers/domain/actions/action-table.ts";
import type { ResultSnapshot } from "../../providers/domain/ledger-record.ts";
import type { ActionState, DeviceActionResult, ManagedDevice } from "../../providers/domain/managed-device.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { namesAction, newReport, snapshotOf, underWay } from "../../providers/engine/decide/match-result.ts";
import { actionResult, IPAD } from "../support/fakes-devices.ts";

const EARLY = "2026-11-20T10:00:00Z";
const LATE = "2026-11-20T11:00:00Z";
const NO_TIMES = { startDateTime: null, lastUpdatedDateTime: null };
/** What Graph writes where it has no time. */
const YEAR_ONE = { startDateTime: "0001-01-01T00:00:00Z", lastUpdatedDateTime: "0001-01-01T00:00:00Z" };

function action(name: string): RemoteAction {
  const found = findRemoteAction(name);
  if (found === undefined) throw new TypeError(name);
  return found;
}

function iPad(deviceActionResults: readonly DeviceActionResult[], managementState: string | null = "managed"): ManagedDevice {
  return { ...IPAD, deviceActionResults, managementState };
}

describe("the name of a result", () => {
  test.each([
    ["wipe", "wipe", true],
    ["wipe", "Wipe", true],
    ["wipe", "factory_reset", true],
    ["wipe", " Factory Reset ", true],
    ["wipe", "retire", false],
    ["wipe", "wipeCancel", false],
    ["wipe", "", false],
    ["retire", "removeCompanyData", true],
    ["bypassActivationLock", "BypassActivationLock", true],
    ["bypassActivationLock", "activationLockBypass", true],
    ["bypassActivationLock", "activationLock", false],
    ["syncDevice", "syncDevice", false],
  ])("%s is meant by %j: %s", (name, actionName, expected) => {
    expect(namesAction(action(name), actionName)).toBe(expected);
  });
});

interface Row {
  readonly name: string;
  readonly before?: readonly ResultSnapshot[];
  readonly managementBefore?: string | null;
  readonly now: readonly DeviceActionResult[];
  readonly management?: string | null;
  readonly report: ActionState | null;
}

const early = actionResult("wipe", "failed", { startDateTime: EARLY });
const ROWS: readonly Row[] = [
  { name: "nothing there", now: [], report: null },
  { name: "an entry where there was none", now: [early], report: "failed" },
  { name: "the entry that was there", before: [early], now: [early], report: null },
  { name: "an old entry that only moved on", before: [actionResult("wipe", "active")], now: [actionResult("wipe", "done")], report: null },
  {
    name: "a new run beside the old one",
    before: [early],
    now: [actionResult("wipe", "pending", { startDateTime: LATE }), early],
    report: "pending",
  },
  {
    name: "a new run in the place of the old one",
    before: [early],
    now: [actionResult("wipe", "done", { startDateTime: LATE })],
    report: "done",
  },
  {
    name: "the newest of several new runs, in whatever order",
    now: [actionResult("wipe", "active", { startDateTime: LATE }), early],
    report: "active",
  },
  {
    name: "the newest of several new runs, the other way round",
    now: [early, actionResult("wipe", "active", { startDateTime: LATE })],
    report: "active",
  },
  { name: "an entry of another action", now: [actionResult("retire", "done")], report: null },
  { name: "a new entry that says none", now: [actionResult("wipe", "none")], report: null },
  {
    name: "the old entry under another spelling of its name",
    before: [actionResult("wipe", "done", { startDateTime: EARLY })],
    now: [actionResult("Wipe", "done", { startDateTime: EARLY })],
    report: null,
  },
  {
    name: "an old entry without a start, unchanged",
    before: [actionResult("wipe", "done", { startDateTime: null })],
    now: [actionResult("wipe", "done", { startDateTime: null })],
    report: null,
  },
  {
    name: "an entry without a start that was updated",
    before: [actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: EARLY })],
    now: [actionResult("wipe", "pending", { startDateTime: null, lastUpdatedDateTime: LATE })],
    report: "pending",
  },
  {
    name: "an old entry whose start Graph tells only now",
    before: [actionResult("wipe", "done", { startDateTime: null })],
    now: [actionResult("wipe", "done", { startDateTime: EARLY })],
    report: null,
  },
  {
    name: "an old entry whose start Graph no longer tells",
    before: [actionResult("wipe", "done", { startDateTime: EARLY })],
    now: [actionResult("wipe", "done", { startDateTime: null })],
    report: null,
  },
  {
    name: "an old entry without times",
    before: [actionResult("wipe", "done", NO_TIMES)],
    now: [actionResult("wipe", "done", NO_TIMES)],
    report: null,
  },
  {
    name: "an entry without times that changed its state",
    before: [actionResult("wipe", "failed", NO_TIMES)],
    now: [actionResult("wipe", "pending", NO_TIMES)],
    report: "pending",
  },
  {
    name: "an entry with the start of year 1 that changed its state",
    before: [actionResult("wipe", "failed", YEAR_ONE)],
    now: [actionResult("wipe", "done", YEAR_ONE)],
    report: "done",
  },
  {
    name: "an entry with the start of year 1, unchanged",
    before: [actionResult("wipe", "failed", YEAR_ONE)],
    now: [actionResult("wipe", "failed", YEAR_ONE)],
    report: null,
  },
  {
    name: "two new entries without times, one of them still open",
    now: [actionResult("wipe", "done", NO_TIMES), actionResult("wipe", "pending", NO_TIMES)],
    report: "pending",
  },
  {
    name: "a new entry without times beside a dated one that is open",
    now: [actionResult("wipe", "done", NO_TIMES), actionResult("wipe", "pending", { startDateTime: EARLY })],
    report: "pending",
  },
  {
    name: "a time that is none does not hide the newest entry",
    now: [actionResult("wipe", "done", { ...NO_TIMES, startDateTime: "soon" }), actionResult("wipe", "failed", { startDateTime: LATE })],
    report: "failed",
  },
  {
    name: "two new entries of one instant, one of them still open",
    now: [early, actionResult("wipe", "pending", { startDateTime: EARLY })],
    report: "pending",
  },
  { name: "a management state that tells", now: [], management: "wipePending", report: "pending" },
  { name: "a management state that tells a failure", now: [], management: "wipeFailed", report: "failed" },
  { name: "the management state of before", now: [], managementBefore: "wipeFailed", management: "wipeFailed", report: null },
  { name: "the management state of another action", now: [], management: "retireIssued", report: null },
  { name: "a management state that nobody knows", now: [], management: "constructor", report: null },
  { name: "no management state any more", now: [], managementBefore: "wipePending", management: null, report: null },
  { name: "a new entry before the management state", now: [early], management: "wipePending", report: "failed" },
];

describe("what the device newly reports", () => {
  test.each(ROWS)("$name: $report", ({ before = [], managementBefore = "managed", now, management = "managed", report }) => {
    const found = newReport(action("wipe"), { snapshot: before, managementState: managementBefore }, iPad(now, management));

    expect(found?.state ?? null).toBe(report);
  });

  test("hands on the entry, with its secret", () => {
    const entry = { ...actionResult("resetPasscode", "done"), secret: new Redacted("1234") };

    const report = newReport(action("resetPasscode"), { snapshot: [], managementState: null }, iPad([entry]));

    expect(report?.result?.secret?.reveal()).toBe("1234");
  });

  test("an action whose result Graph never reports has no report", () => {
    const device = iPad([actionResult("syncDevice", "done")], "syncPending");

    expect(newReport(action("syncDevice"), { snapshot: [], managementState: null }, device)).toBeNull();
  });
});

describe("an action under way", () => {
  test.each([
    ["pending", true],
    ["active", true],
    ["done", false],
    ["failed", false],
    ["canceled", false],
    ["notSupported", false],
    ["none", false],
  ] as const)("an entry that is %s: %s", (state, expected) => {
    expect(underWay(action("wipe"), iPad([actionResult("factoryReset", state)])) !== null).toBe(expected);
  });

  test("an open entry counts behind a closed one", () => {
    const device = iPad([actionResult("wipe", "failed"), actionResult("wipe", "pending", { startDateTime: EARLY })]);

    expect(underWay(action("wipe"), device)).toMatchObject({ actionState: "pending" });
  });

  test.each([
    ["wipePending", "pending"],
    ["wipeIssued", "active"],
  ])("the management state %s counts where no entry tells of the action", (management, state) => {
    expect(underWay(action("wipe"), iPad([], management))).toMatchObject({ actionState: state });
  });

  test("the management state does not count against an entry that tells the end", () => {
    expect(underWay(action("wipe"), iPad([actionResult("wipe", "failed")], "wipePending"))).toBeNull();
  });

  test("a management state of another action or of an end does not count", () => {
    expect(underWay(action("wipe"), iPad([], "retirePending"))).toBeNull();
    expect(underWay(action("wipe"), iPad([], "wipeFailed"))).toBeNull();
    expect(underWay(action("remoteLock"), iPad([], "wipePending"))).toBeNull();
  });
});

test("a snapshot holds no secret", () => {
  const entry = { ...actionResult("resetPasscode", "done"), secret: new Redacted("1234") };

  expect(snapshotOf(iPad([entry]))).toEqual([actionResult("resetPasscode", "done")]);
});

import { describe, expect, test } from "@jest/globals";
import { findRemoteAction, type RemoteAction } from "../../providers/domain/actions/action-table.ts";
import type { ActionState, DeviceActionResult, ManagedDevice } from "../../providers/domain/managed-device.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import type { ResultSnapshot } from "../../providers/domain/step-record.ts";
import { isUnclear, namesAction, newReport, snapshotOf, underWay } from "../../providers/engine/decide/match-result.ts";
import { type Before, beforeIntent, beforeOf } from "../../providers/engine/decide/whose-result.ts";
import { actionResult, IPAD } from "../support/fakes-devices.ts";
import { adopted, intent } from "../support/fakes-records.ts";

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

/** Graph's time of the look. */
const SINCE = Date.parse(LATE);
const BEFORE: Before = { snapshot: [], managementState: "managed", since: null, isTakenOver: false };

interface Row {
  readonly name: string;
  readonly before?: readonly ResultSnapshot[];
  readonly managementBefore?: string | null;
  /** Graph's own time of the look before; none where it did not say. */
  readonly since?: number | null;
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
    name: "an entry with the start of year 1 that changed its state: the old one may have",
    before: [actionResult("wipe", "failed", YEAR_ONE)],
    now: [actionResult("wipe", "done", YEAR_ONE)],
    report: null,
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
  {
    name: "an old entry without a start that Graph touches",
    before: [actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: EARLY })],
    now: [actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: LATE })],
    report: null,
  },
  {
    name: "an old entry of year 1 that moves on",
    before: [actionResult("wipe", "pending", YEAR_ONE)],
    now: [actionResult("wipe", "active", YEAR_ONE)],
    report: null,
  },
  {
    name: "an old entry without a start that Graph touches, and tells the start of",
    before: [actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: EARLY })],
    now: [actionResult("wipe", "done", { startDateTime: EARLY, lastUpdatedDateTime: LATE })],
    report: null,
  },
  {
    name: "an old entry that Graph touches, and no longer tells the start of",
    before: [actionResult("wipe", "done", { startDateTime: EARLY, lastUpdatedDateTime: EARLY })],
    now: [actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: LATE })],
    report: null,
  },
  {
    name: "an entry without a start where there was one that said none",
    before: [actionResult("wipe", "none", YEAR_ONE)],
    now: [actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: LATE })],
    report: "done",
  },
  {
    name: "an entry without a start beside the old one, which is there still",
    before: [actionResult("wipe", "failed", { startDateTime: null, lastUpdatedDateTime: EARLY })],
    now: [
      actionResult("wipe", "failed", { startDateTime: null, lastUpdatedDateTime: EARLY }),
      actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: LATE }),
    ],
    report: "done",
  },
  {
    name: "an old entry of another action that Graph touches",
    before: [actionResult("retire", "done", { startDateTime: null, lastUpdatedDateTime: EARLY })],
    now: [actionResult("wipe", "done", { startDateTime: LATE })],
    report: "done",
  },
  {
    name: "two new entries without a start that contradict each other",
    now: [actionResult("wipe", "done", { startDateTime: null }), actionResult("wipe", "failed", { startDateTime: null })],
    report: null,
  },
  {
    name: "a new entry that is done and says no start, beside one that is under way",
    now: [
      actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: "2026-11-20T12:00:00Z" }),
      actionResult("wipe", "pending", { startDateTime: LATE, lastUpdatedDateTime: null }),
    ],
    report: "pending",
  },
  {
    name: "an entry that began before the look",
    since: SINCE,
    now: [actionResult("wipe", "done", { startDateTime: EARLY })],
    report: null,
  },
  {
    name: "an entry that began a moment before the look",
    since: SINCE,
    now: [actionResult("wipe", "done", { startDateTime: "2026-11-20T10:59:59.9999999Z" })],
    report: null,
  },
  { name: "an entry that began with the look", since: SINCE, now: [actionResult("wipe", "done", { startDateTime: LATE })], report: "done" },
  {
    name: "an entry without a start that was last updated before the look",
    since: SINCE,
    now: [actionResult("wipe", "pending", { startDateTime: null, lastUpdatedDateTime: EARLY })],
    report: null,
  },
  {
    name: "an entry without a start that was updated after the look",
    since: SINCE,
    now: [actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: LATE })],
    report: "done",
  },
  { name: "an entry of year 1 where there was none", since: SINCE, now: [actionResult("wipe", "pending", YEAR_ONE)], report: "pending" },
  {
    name: "an old entry without a start that Graph touches after the look",
    since: SINCE,
    before: [actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: EARLY })],
    now: [actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: LATE })],
    report: null,
  },
  {
    name: "an entry that began after the look, in the place of one without a start",
    since: SINCE,
    before: [actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: EARLY })],
    now: [actionResult("wipe", "done", { startDateTime: LATE })],
    report: "done",
  },
  {
    name: "two entries of one name, of which the later one began before the look",
    since: SINCE + 1,
    now: [actionResult("wipe", "done", { startDateTime: LATE }), actionResult("wipe", "failed", { startDateTime: EARLY })],
    report: null,
  },
  {
    name: "an end without any time, which may have been there and not shown",
    since: SINCE,
    now: [actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: null })],
    report: null,
  },
  {
    name: "a run without any time that was not there before",
    since: SINCE,
    now: [actionResult("wipe", "pending", { startDateTime: null, lastUpdatedDateTime: null })],
    report: "pending",
  },
  {
    name: "an end without any time, after a look whose time nobody knows",
    now: [actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: null })],
    report: "done",
  },
  { name: "a management state that tells", now: [], management: "wipePending", report: "pending" },
  { name: "a management state that tells a failure", now: [], management: "wipeFailed", report: "failed" },
  { name: "the management state of before", now: [], managementBefore: "wipeFailed", management: "wipeFailed", report: null },
  { name: "the management state of another action", now: [], management: "retireIssued", report: null },
  { name: "a management state that nobody knows", now: [], management: "constructor", report: null },
  { name: "no management state any more", now: [], managementBefore: "wipePending", management: null, report: null },
  { name: "a management state that only moved on", now: [], managementBefore: "wipePending", management: "wipeFailed", report: null },
  { name: "a management state that nobody read before", now: [], managementBefore: null, management: "wipePending", report: null },
  {
    name: "a management state after the end of another",
    now: [],
    managementBefore: "wipeFailed",
    management: "wipePending",
    report: "pending",
  },
  { name: "a new entry before the management state", now: [early], management: "wipePending", report: "failed" },
];

describe("what the device newly reports", () => {
  test.each(ROWS)("$name: $report", ({ before = [], managementBefore = "managed", since = null, now, management = "managed", report }) => {
    const found = newReport(
      action("wipe"),
      { ...BEFORE, snapshot: before, managementState: managementBefore, since },
      iPad(now, management),
    );

    expect(found?.state ?? null).toBe(report);
  });

  test("hands on the entry, with its secret", () => {
    const entry = { ...actionResult("resetPasscode", "done"), secret: new Redacted("1234") };

    const report = newReport(action("resetPasscode"), { ...BEFORE, managementState: null }, iPad([entry]));

    expect(report?.result?.secret?.reveal()).toBe("1234");
  });

  test("an action whose result Graph never reports has no report", () => {
    const device = iPad([actionResult("syncDevice", "done")], "syncPending");

    expect(newReport(action("syncDevice"), { ...BEFORE, managementState: null }, device)).toBeNull();
  });
});

describe("what may be an older run", () => {
  test.each([
    ["touched and without a start", actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: LATE }), true],
    ["unchanged", actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: EARLY }), false],
    ["that began after it", actionResult("wipe", "done", { startDateTime: LATE }), false],
    ["of another action", actionResult("retire", "done", { startDateTime: null, lastUpdatedDateTime: LATE }), false],
  ])("is told, so that a person can look: %s is %s", (_name, result, expected) => {
    const before = {
      ...BEFORE,
      since: SINCE,
      snapshot: [actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: EARLY })],
    };

    expect(isUnclear(action("wipe"), before, iPad([result]))).toBe(expected);
  });
});

describe("the look before", () => {
  const LOOKED = "2026-11-20T10:30:30.000Z";
  const at = (startDateTime: string) => iPad([actionResult("wipe", "done", { startDateTime })]);
  const found = (before: Before, device: ManagedDevice) => newReport(action("wipe"), before, device)?.state ?? null;

  test.each([
    ["half a minute earlier, by another server's clock", "2026-11-20T10:30:00.000Z", "done"],
    ["more than that earlier", "2026-11-20T10:29:59.999Z", null],
  ])("of a call is one of Graph's: what began %s counts: %s", (_name, start, expected) => {
    expect(found(beforeIntent(intent(0, { graphTime: LOOKED })), at(start))).toBe(expected);
  });

  test.each([undefined, "0001-01-01T00:00:00Z", "then"])("of a call that says %s is judged by what was there alone", (graphTime) => {
    const record = intent(0, graphTime === undefined ? {} : { graphTime });

    expect(found(beforeIntent(record), at(EARLY))).toBe("done");
  });

  const underWayAt = (startDateTime: string | null, changes = {}) =>
    ({
      kind: "adopted",
      record: adopted(0, { result: actionResult("wipe", "pending", { startDateTime }), graphTime: LOOKED, ...changes }),
    }) as const;

  test.each<[string, string | null, DeviceActionResult, string | null]>([
    ["its own end, although it began before that look", EARLY, actionResult("wipe", "done", { startDateTime: EARLY }), "done"],
    ["the end of one that began before it", LATE, actionResult("wipe", "done", { startDateTime: EARLY }), null],
    ["a later run of the same", EARLY, actionResult("wipe", "failed", { startDateTime: LATE }), "failed"],
    ["its own end, without a start", null, actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: LATE }), "done"],
    ["its own end, without any time", null, actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: null }), "done"],
    [
      "an end without a start that came before",
      null,
      actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: EARLY }),
      null,
    ],
  ])("of what was taken over: %s", (_name, start, result, expected) => {
    expect(found(beforeOf(underWayAt(start)), iPad([result]))).toBe(expected);
  });

  test("of what was taken over: an older entry that Graph touches is not its end", () => {
    const old = actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: EARLY });
    const state = underWayAt(null, { snapshot: [old] });

    const touched = iPad([{ ...old, lastUpdatedDateTime: LATE }, actionResult("wipe", "pending", { startDateTime: null })]);

    expect(found(beforeOf(state), touched)).toBe("pending");
  });

  test("of what was taken over by the management state: that goes on", () => {
    expect(found(beforeOf(underWayAt(null)), iPad([], "wipeFailed"))).toBe("failed");
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

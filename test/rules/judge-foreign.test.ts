import { describe, expect, test } from "@jest/globals";
import type { AuditedAction } from "../../providers/domain/audit-log.ts";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import { describeActor, describeForeign, judgeForeign, sinceOf } from "../../providers/rules/audit/judge-foreign.ts";
import { audited, auditedRecord, factsOf, foreign, NOBODY, PORTAL } from "../support/fakes-audit.ts";

const NOON = Date.parse("2026-11-20T12:00:00.000Z");
const HOUR = 3_600_000;
const at = (hours: number) => new Date(NOON + hours * HOUR).toISOString();
const wipe = (event: string, hours = -1, changes: Partial<AuditedAction> = {}) =>
  audited({ event, at: at(hours), device: event, ...changes });
const reported = (...events: readonly string[]) =>
  auditedRecord({ until: at(-1), foreign: events.map((event) => foreign({ event, at: at(-2), device: event })) });

function judge(
  actions: readonly AuditedAction[],
  records: readonly LedgerRecord[] = [],
  limit?: number,
  source: "auditEvents" | "remoteActionAudits" = "auditEvents",
) {
  const look = { kind: "seen", source, actions, until: NOON, incomplete: null } as const;
  const explained = actions.map((action) => ({ action, explanation: { kind: action.hasFailed ? "failed" : "foreign" } }) as const);
  const { fresh, recent, stop } = judgeForeign(explained, look, factsOf(...records), limit);
  return { fresh: fresh.map(({ event }) => event), recent: recent.map(({ event }) => event), stop };
}

describe("a foreign action", () => {
  test("is new once, and told oldest first", () => {
    expect(judge([wipe("c", -1), wipe("a", -3), wipe("b", -2)], [reported("b")]).fresh).toEqual(["a", "c"]);
  });

  test("that failed is none", () => {
    expect(judge([wipe("a", -1, { hasFailed: true })])).toMatchObject({ fresh: [], recent: [] });
  });

  test("is new however late it came, up to a day behind the last look", () => {
    const looked = auditedRecord({ until: at(-1) });

    expect(judge([wipe("a", -25), wipe("b", -25.1)], [looked]).fresh).toEqual(["a"]);
    expect(judge([wipe("a", -24), wipe("b", -24.1)]).fresh).toEqual(["a"]);
  });

  test("that the other list showed already is known, of the same device within minutes", () => {
    const known = auditedRecord({ source: "remoteActionAudits", foreign: [foreign({ event: "r1", at: at(-1), device: "d" })] });
    const minute = 1 / 60;
    const seen = (hours: number, changes: Partial<AuditedAction> = {}) =>
      judge([wipe("e1", hours, { device: "d", ...changes })], [known]).fresh;

    expect([seen(-1 + 4 * minute), seen(-1 - 4 * minute)]).toEqual([[], []]);
    expect([seen(-1 + 6 * minute), seen(-1, { action: "retire" }), seen(-1, { device: "other" }), seen(-1, { device: null })]).toEqual([
      ["e1"],
      ["e1"],
      ["e1"],
      ["e1"],
    ]);
    expect(judge([wipe("r2", -1, { device: "d" })], [known], undefined, "remoteActionAudits").fresh).toEqual(["r2"]);
  });
});

describe("the brake", () => {
  test.each([
    [undefined, 9, false],
    [3, 3, false],
    [3, 4, true],
    [0, 0, false],
    [0, 1, true],
  ])("with foreignLimit %j and %i actions is set: %j", (limit, count, isSet) => {
    const actions = Array.from({ length: count }, (_, n) => wipe(`e${n}`));

    expect(judge(actions, [], limit).stop !== null).toBe(isSet);
  });

  test("counts what was reported before with what is new, of 24 hours", () => {
    const records = [reported("a", "b"), auditedRecord({ foreign: [foreign({ event: "old", at: at(-24.1) })] })];

    expect(judge([wipe("c")], records, 2)).toMatchObject({
      recent: ["a", "b", "c"],
      stop: { reason: "3 actions of others on devices in 24 hours (wipe 3), and foreignLimit is 2", events: ["a", "b", "c"] },
    });
    expect(judge([], records, 2).stop).toBeNull();
  });

  test("is not set again for the same, and is for one more", () => {
    const stopped = { ...reported("a", "b", "c"), stopped: ["a", "b", "c"] };

    expect(judge([wipe("a", -2)], [stopped], 2).stop).toBeNull();
    expect(judge([wipe("d")], [stopped], 2).stop?.events).toEqual(["a", "b", "c", "d"]);
  });
});

test("a look goes back a day behind the last one, whatever a clock says", () => {
  const margin = HOUR;
  expect(sinceOf({ mark: null }, NOON)).toBe(NOON - 24 * HOUR - margin);
  expect(sinceOf({ mark: NOON - 100 * HOUR }, NOON)).toBe(NOON - 124 * HOUR - margin);
  expect(sinceOf({ mark: NOON + 1_000 * HOUR }, NOON)).toBe(NOON - 24 * HOUR - margin);
});

test.each([
  [PORTAL, "helpdesk@contoso.example with Microsoft Intune portal extension"],
  [{ ...PORTAL, ipAddress: "203.0.113.7" }, "helpdesk@contoso.example with Microsoft Intune portal extension from 203.0.113.7"],
  [{ ...NOBODY, application: "a1", servicePrincipal: "script" }, "script with application a1"],
  [{ ...NOBODY, applicationName: "script", servicePrincipal: "script" }, "script"],
  [{ ...NOBODY, application: "a1" }, "application a1"],
  [{ ...NOBODY, userId: "u1" }, "user u1"],
  [NOBODY, "nobody that Intune names"],
])("who did it, %#", (actor, words) => {
  expect(describeActor(actor)).toBe(words);
});

test.each([
  [{}, /^wipe of Somebody’s iPad \(id ffffffff-\S+\) at 2026-11-20T12:00:00\.000Z by helpdesk/],
  [{ deviceName: null }, /^wipe of a device \(id ffffffff-/],
  [{ device: null, deviceName: null }, /^wipe of a device that is not named at 2026/],
])("what was done, %#", (changes, words) => {
  expect(describeForeign(foreign(changes))).toMatch(words);
});

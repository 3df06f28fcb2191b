import { describe, expect, test } from "@jest/globals";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import type { Settings } from "../../providers/pulumi/settings.ts";
import { compareSettings, nameLedger, type RunFacts, recentChange, type Safety, safetyOf } from "../../providers/rules/safety-settings.ts";
import { settings } from "../support/fakes-pulumi.ts";
import { AT } from "../support/fakes-records.ts";
import { contentsOf, NO_LEDGER } from "../support/ledger-contents.ts";

const FACTS = { graph: "https://graph.microsoft.com", recipients: "1 with proven keys, SHA-256 aa", ledger: "file:ledger, made then" };
const safety = (changes: Partial<Settings> = {}, facts: Partial<typeof FACTS> = {}) => safetyOf(settings(changes), { ...FACTS, ...facts });
const RUN: RunFacts = { at: AT, ci: null, followOnly: false };
const inCi = (run: string | null, commit: string | null): RunFacts => ({ ...RUN, ci: { run, commit } });
const settingsRecord = (value: Safety, at = AT): LedgerRecord => ({ kind: "settings", at, settings: value });

describe("the safety settings of a run", () => {
  test("are texts by name", () => {
    expect(safety({ protected: ["b*", "a", "b*"] })).toEqual({
      ledger: "file:ledger, made then",
      escrow: "file:escrow",
      recipients: "1 with proven keys, SHA-256 aa",
      graph: "https://graph.microsoft.com",
      cloud: "global",
      maxDestructive: "5",
      maxDisruptive: "50",
      protected: '["a","b*"]',
    });
  });

  test("do not change with the order of protected names, nor with what keeps nobody from harm", () => {
    const other: Partial<Settings> = {
      protected: ["b", "a"],
      waitMs: 1,
      requests: "elsewhere",
      shard: { index: 2, of: 3 },
      followOnly: true,
    };

    expect(safety(other)).toEqual(safety({ protected: ["a", "b"] }));
  });

  test("name a ledger by its place and the instant it was made at", () => {
    const created: LedgerRecord = { kind: "created", version: 1, at: AT };

    expect(nameLedger("file:ledger", contentsOf(created))).toBe(`file:ledger, made ${AT}`);
    expect(nameLedger("file:ledger", NO_LEDGER)).toBe("file:ledger");
  });
});

describe("compared with those of the run before", () => {
  test("the first of a ledger are recorded, and hold nothing back", () => {
    expect(compareSettings(undefined, safety(), RUN)).toEqual({
      changes: [],
      record: { kind: "settings", at: AT, settings: safety() },
      hold: null,
    });
  });

  test("requireReview is one that is switched off in one run, and missed in the next", () => {
    const { changes, hold } = compareSettings(safety({ requireReview: true }), safety(), RUN);

    expect(changes).toEqual(["requireReview: true → not recorded"]);
    expect(hold).toContain("requireReview: true → not recorded");
  });

  test("the same are not recorded again", () => {
    expect(compareSettings(safety(), safety(), RUN)).toEqual({ changes: [], record: null, hold: null });
  });

  test.each([
    ["ledger", {}, { ledger: "file:other, made then" }, "ledger: file:ledger, made then → file:other, made then"],
    ["ledger made anew", {}, { ledger: "file:ledger, made now" }, "ledger: file:ledger, made then → file:ledger, made now"],
    ["escrow", { escrow: "file:mine" }, {}, "escrow: file:escrow → file:mine"],
    [
      "recipients",
      {},
      { recipients: "1 with proven keys, SHA-256 bb" },
      "recipients: 1 with proven keys, SHA-256 aa → 1 with proven keys, SHA-256 bb",
    ],
    ["endpoint", {}, { graph: "https://graph.microsoft.us" }, "graph: https://graph.microsoft.com → https://graph.microsoft.us"],
    ["cloud", { cloud: "china" }, {}, "cloud: global → china"],
    ["tenant", { tenant: "t" }, {}, "tenant: not recorded → t"],
    ["maxDestructive", { maxDestructive: 500 }, {}, "maxDestructive: 5 → 500"],
    ["lower maxDestructive", { maxDestructive: 1 }, {}, "maxDestructive: 5 → 1"],
    ["maxDisruptive", { maxDisruptive: 5_000 }, {}, "maxDisruptive: 50 → 5000"],
    ["protected", { protected: [] }, {}, 'protected: ["ceo*"] → []'],
  ] as const)("another %s is recorded, and holds back what destroys data", (_, changes, facts, told) => {
    const last = safety({ protected: ["ceo*"] });
    const now = safety({ protected: ["ceo*"], ...changes }, facts);

    const compared = compareSettings(last, now, RUN);

    expect(compared.changes).toEqual([told]);
    expect(compared.record).toEqual({ kind: "settings", at: AT, settings: now });
    expect(compared.hold).toBe(
      `the safety settings changed since the last run (${told}): this run records that, and destroys, locks and escrows nothing; the next run may`,
    );
    expect(compareSettings(compared.record?.settings, now, RUN)).toEqual({ changes: [], record: null, hold: null });
  });

  test("one that an older version did not record is a change", () => {
    const { cloud: _, ...older } = safety();

    expect(compareSettings(older, safety(), RUN).changes).toEqual(["cloud: not recorded → global"]);
  });

  test("maxDisruptive, which older versions had not, is one where it is set, and none where it is left alone", () => {
    const { maxDisruptive: _, ...older } = safety();

    expect(compareSettings(older, safety(), RUN)).toEqual({ changes: [], record: null, hold: null });
    expect(compareSettings(older, safety({ maxDisruptive: 5_000 }), RUN).changes).toEqual(["maxDisruptive: 50 → 5000"]);
  });

  test("a run with followOnly destroys nothing either, and leaves the record to a run that somebody started", () => {
    const followOnly = { ...RUN, followOnly: true };

    expect(compareSettings(undefined, safety(), followOnly).record).toBeNull();
    expect(compareSettings(safety(), safety({ maxDestructive: 9 }), followOnly)).toMatchObject({
      record: null,
      hold: expect.stringContaining("leaves it to another run to record that"),
    });
  });

  /**
   * A change that the first of two runs found: whether the second, which finds nothing changed, is
   * held back.
   */
  const isHeld = (first: RunFacts, second: RunFacts): boolean => {
    const now = safety({ maxDestructive: 500 });
    const { record } = compareSettings(safety(), now, first);
    const compared = compareSettings(record?.settings, now, second);
    expect(compared).toMatchObject({ changes: [], record: null });
    return compared.hold !== null;
  };

  const A = "aaaa1111";
  const B = "bbbb2222";
  const RUN_1 = "GitHub run 1, attempt 1, of contoso/devices";
  const RUN_1_AGAIN = "GitHub run 1, attempt 2, of contoso/devices";
  const RUN_2 = "GitHub run 2, attempt 1, of contoso/devices";

  test.each<[string, RunFacts, RunFacts, boolean]>([
    ["another job of the run", inCi(RUN_1, A), inCi(RUN_1, A), true],
    ["the run, started again", inCi(RUN_1, A), inCi(RUN_1_AGAIN, A), true],
    ["another run of the commit, such as one started by hand", inCi(RUN_1, A), inCi(RUN_2, A), true],
    ["a run of a service that numbers none, of the commit", inCi(null, A), inCi(null, A), true],
    ["a run of a later commit", inCi(RUN_1, A), inCi(RUN_2, B), false],
    ["a run of a later commit, of a service that numbers none", inCi(null, A), inCi(null, B), false],
    ["the run, started again with what came later", inCi(RUN_1, A), inCi(RUN_1_AGAIN, B), true],
    ["the run, started again, where nothing tells commits", inCi(RUN_1, null), inCi(RUN_1_AGAIN, null), true],
    ["the run that a version without commits recorded, started again", inCi(RUN_1, null), inCi(RUN_1_AGAIN, A), true],
    ["another run, where nothing tells commits", inCi(RUN_1, null), inCi(RUN_2, null), false],
    ["a run whose commit nothing tells, after one that could", inCi(RUN_1, A), inCi(RUN_2, null), true],
    ["an up of a person", inCi(RUN_1, A), RUN, false],
    ["a run in CI after a person's, who saw the change", RUN, inCi(RUN_1, A), false],
  ])("%s", (_, first, second, expected) => {
    expect(isHeld(first, second)).toBe(expected);
  });

  test("the commit that changed them, and how to get on, is told to its further runs", () => {
    const now = safety({ maxDestructive: 500 });
    const first = compareSettings(safety(), now, inCi(RUN_1, A));

    const again = compareSettings(first.record?.settings, now, inCi(RUN_1_AGAIN, A));

    expect(first.record?.settings).toEqual({ ...now, changedIn: RUN_1, changedCommit: A });
    expect(first.hold).toMatch(/escrows nothing; the run of a later commit, or one outside CI, may$/);
    expect(again.hold).toBe(
      `the safety settings were changed by commit ${A}, ${RUN_1}: no run of that in CI destroys, locks or escrows anything, started again or not; the run of a later commit, or one outside CI, may`,
    );
  });

  test("the first record of a ledger holds back no job of its CI run", () => {
    const ci = inCi(RUN_1, A);

    expect(compareSettings(compareSettings(undefined, safety(), ci).record?.settings, safety(), ci).hold).toBeNull();
  });
});

describe("a change that was recorded lately", () => {
  const now = Date.parse(AT);
  const daysAgo = (days: number) => new Date(now - days * 86_400_000).toISOString();

  test("is told to whoever reviews what destroys data", () => {
    const records = [
      settingsRecord(safety(), daysAgo(90)),
      settingsRecord({ ...safety({ maxDestructive: 500 }), changedIn: "GitHub run 7", changedCommit: "aaaa" }, daysAgo(2)),
    ];

    expect(recentChange(records, now)).toBe(
      `the safety settings were changed at ${daysAgo(2)} by commit aaaa, GitHub run 7: maxDestructive: 5 → 500`,
    );
  });

  test("is not told for ever, nor is the first record", () => {
    expect(recentChange([settingsRecord(safety()), settingsRecord(safety({ maxDestructive: 6 }), daysAgo(8))], now)).toBeNull();
    expect(recentChange([settingsRecord(safety())], now)).toBeNull();
    expect(recentChange([], now)).toBeNull();
  });
});

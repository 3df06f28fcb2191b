import { describe, expect, test } from "@jest/globals";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import type { Settings } from "../../providers/pulumi/settings.ts";
import { compareSettings, nameLedger, type RunFacts, recentChange, type Safety, safetyOf } from "../../providers/rules/safety-settings.ts";
import { settings } from "../support/fakes-pulumi.ts";
import { AT } from "../support/fakes-records.ts";

const FACTS = { graph: "https://graph.microsoft.com", recipients: "1 with proven keys, SHA-256 aa", ledger: "file:ledger, made then" };
const safety = (changes: Partial<Settings> = {}, facts: Partial<typeof FACTS> = {}) => safetyOf(settings(changes), { ...FACTS, ...facts });
const RUN: RunFacts = { at: AT, ciRun: null, followOnly: false };
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

    expect(nameLedger("file:ledger", { exists: true, records: [created] })).toBe(`file:ledger, made ${AT}`);
    expect(nameLedger("file:ledger", { exists: false, records: [] })).toBe("file:ledger");
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

  test("the jobs of one CI run are one run: a shard that starts after another one recorded the change is held back too", () => {
    const now = safety({ maxDestructive: 500 });
    const [first, second] = ["GitHub run 1", "GitHub run 2"].map((ciRun) => ({ ...RUN, ciRun }));

    const recorded = compareSettings(safety(), now, { ...RUN, ...first }).record?.settings;

    expect(compareSettings(recorded, now, { ...RUN, ...first })).toMatchObject({
      changes: [],
      record: null,
      hold: expect.stringContaining("GitHub run 1"),
    });
    expect(compareSettings(recorded, now, { ...RUN, ...second })).toEqual({ changes: [], record: null, hold: null });
    expect(compareSettings(recorded, now, RUN)).toEqual({ changes: [], record: null, hold: null });
  });

  test("the first record of a ledger holds back no job of its CI run", () => {
    const ci = { ...RUN, ciRun: "GitHub run 1" };

    expect(compareSettings(compareSettings(undefined, safety(), ci).record?.settings, safety(), ci).hold).toBeNull();
  });
});

describe("a change that was recorded lately", () => {
  const now = Date.parse(AT);
  const daysAgo = (days: number) => new Date(now - days * 86_400_000).toISOString();

  test("is told to whoever reviews what destroys data", () => {
    const records = [
      settingsRecord(safety(), daysAgo(90)),
      settingsRecord({ ...safety({ maxDestructive: 500 }), changedIn: "GitHub run 7" }, daysAgo(2)),
    ];

    expect(recentChange(records, now)).toBe(`the safety settings were changed at ${daysAgo(2)} by GitHub run 7: maxDestructive: 5 → 500`);
  });

  test("is not told for ever, nor is the first record", () => {
    expect(recentChange([settingsRecord(safety()), settingsRecord(safety({ maxDestructive: 6 }), daysAgo(8))], now)).toBeNull();
    expect(recentChange([settingsRecord(safety())], now)).toBeNull();
    expect(recentChange([], now)).toBeNull();
  });
});

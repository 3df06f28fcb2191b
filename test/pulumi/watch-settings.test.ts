import { describe, expect, test } from "@jest/globals";
import { LedgerError } from "../../providers/domain/errors.ts";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import { type SettingsFound, watchSettings } from "../../providers/pulumi/program/watch-settings.ts";
import { type Safety, safetyOf } from "../../providers/rules/safety-settings.ts";
import { settings } from "../support/fakes-pulumi.ts";
import { AT } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";
import { contentsOf, NO_LEDGER } from "../support/ledger-contents.ts";

const FACTS = { graph: "https://graph.microsoft.com", recipients: "1 with proven keys, SHA-256 aa" };
const NAME = "file:ledger, made 2026-01-01T00:00:00.000Z";
const CREATED: LedgerRecord = { kind: "created", version: 1, at: "2026-01-01T00:00:00.000Z" };
const WIPE = { isEnded: false, plan: jobOf(lifecycleRequest(["wipe"])).plan };
const LOST = { isEnded: false, plan: jobOf(lifecycleRequest(["enableLostMode"])).plan };
const SYNC = { isEnded: false, plan: jobOf(lifecycleRequest(["syncDevice"])).plan };
const NOW = safetyOf(settings({ maxDestructive: 500 }), { ...FACTS, ledger: NAME });
const BEFORE: Safety = { ...NOW, maxDestructive: "5" };

const recorded = (...all: readonly Safety[]): LedgerRecord[] => [
  CREATED,
  ...all.map((one): LedgerRecord => ({ kind: "settings", at: AT, settings: one })),
];

/** An `up` of a stack whose maxDestructive is 500. */
function watch(changes: Partial<SettingsFound> & { readonly last?: readonly Safety[]; readonly followOnly?: boolean }) {
  const { last = [BEFORE], followOnly = false, ...others } = changes;
  return watchSettings({
    settings: settings({ maxDestructive: 500 }),
    facts: FACTS,
    ledger: contentsOf(...recorded(...last)),
    state: { ledger: NAME },
    entries: [],
    run: { at: AT, ci: null, followOnly },
    isPreview: false,
    ...others,
  });
}

describe("the program, when safety settings changed", () => {
  test("warns in a preview, and records nothing", () => {
    const { warnings, record } = watch({ isPreview: true, entries: [WIPE] });

    expect(warnings).toEqual([
      "the safety settings changed since the last run (maxDestructive: 5 → 500): up records that, and destroys, locks and escrows nothing; the up after it may",
    ]);
    expect(record).toBeNull();
  });

  test("in CI says that the commit after may, or a person", () => {
    const ci = { run: "GitHub run 1", commit: "aaaa" };

    expect(watch({ isPreview: true, entries: [WIPE], run: { at: AT, ci, followOnly: false } }).warnings).toEqual([
      expect.stringMatching(/up records that, .*; the up of a later commit, or one outside CI, may$/),
    ]);
  });

  test("warns of a change that this commit itself has made, also when its preview is started again", () => {
    const last = [BEFORE, { ...NOW, changedCommit: "aaaa" }];
    const run = { at: AT, ci: { run: "GitHub run 2", commit: "aaaa" }, followOnly: false };

    expect(watch({ last, entries: [WIPE], run }).hold).toMatch(/^the safety settings were changed by commit aaaa: no run of that in CI/);
    expect(watch({ last, entries: [WIPE], run, isPreview: true }).hold).toMatch(/changed by commit aaaa/);
  });

  test.each([
    ["is nothing to do", []],
    ["is nothing that destroys data", [SYNC]],
    ["is only what has ended", [{ ...WIPE, isEnded: true }]],
  ])("records the change itself in up where there %s: a change of settings alone is a run too", (_, entries) => {
    expect(watch({ entries }).record).toEqual({ kind: "settings", at: AT, settings: NOW });
  });

  test("leaves the record to the process that sends where something destroys data, for that has to find the change", () => {
    const { warnings, record } = watch({ entries: [SYNC, WIPE] });

    expect(warnings).toHaveLength(1);
    expect(record).toBeNull();
  });

  test("leaves it to that process where people are locked out, too", () => {
    expect(watch({ entries: [LOST] }).record).toBeNull();
  });

  test("says and records nothing where nothing changed", () => {
    expect(watch({ last: [NOW], entries: [WIPE] })).toEqual({ warnings: [], hold: null, record: null });
    expect(watch({ last: [NOW] })).toEqual({ warnings: [], hold: null, record: null });
  });

  test("records the first settings of a ledger without a word, and does without a ledger where nothing is to be done", () => {
    expect(watch({ last: [] })).toEqual({ warnings: [], hold: null, record: { kind: "settings", at: AT, settings: NOW } });
    expect(watch({ ledger: NO_LEDGER, state: { ledger: undefined } })).toEqual({
      warnings: [],
      hold: null,
      record: null,
    });
  });

  test("with followOnly records nothing", () => {
    expect(watch({ followOnly: true })).toMatchObject({ warnings: [expect.stringContaining("followOnly")], record: null });
  });

  test("tells the reviewer of a wipe that they changed a moment ago, and nobody else", () => {
    const last = [BEFORE, NOW];

    expect(watch({ last, isPreview: true, entries: [WIPE] }).warnings).toEqual([
      `the safety settings were changed at ${AT}: maxDestructive: 5 → 500`,
    ]);
    expect(watch({ last, isPreview: true, entries: [SYNC] }).warnings).toEqual([]);
    expect(watch({ last, entries: [WIPE] }).warnings).toEqual([]);
  });
});

describe("another ledger than the one that state was written with", () => {
  const state = { ledger: "https://account.blob.core.windows.net/ledger, made 2025-01-01T00:00:00.000Z" };
  const swapped = { ...NOW, ledger: state.ledger };

  test("is told to that ledger where something destroys data, or its own last record would hide the swap", () => {
    const { warnings, record } = watch({ last: [NOW], state, entries: [WIPE] });

    expect(warnings).toEqual([expect.stringContaining(`ledger: ${state.ledger} → ${NAME}`)]);
    expect(record).toEqual({ kind: "settings", at: AT, settings: swapped });
  });

  test("is a change for a fresh ledger too, whose first record is none", () => {
    expect(watch({ last: [], state, entries: [WIPE] }).record?.settings).toEqual(swapped);
  });

  test("is recorded as the new one where nothing destroys data", () => {
    expect(watch({ last: [NOW], state }).record?.settings).toEqual(NOW);
  });

  test("is only told in a preview", () => {
    expect(watch({ last: [NOW], state, entries: [WIPE], isPreview: true })).toMatchObject({
      warnings: [expect.stringContaining(NAME)],
      record: null,
    });
  });

  test("is refused to a run with followOnly, which could neither record it nor hold anything back", () => {
    expect(() => watch({ last: [NOW], state, followOnly: true })).toThrow(LedgerError);
  });
});

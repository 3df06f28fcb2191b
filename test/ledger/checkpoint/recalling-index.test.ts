import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { LedgerRecord } from "../../../providers/domain/ledger-record.ts";
import type { LedgerFacts } from "../../../providers/domain/ports.ts";
import { historyOf } from "../../../providers/engine/history.ts";
import { LedgerIndex } from "../../../providers/ledger/ledger-index.ts";
import { LedgerReading } from "../../../providers/ledger/ledger-reading.ts";
import { RecallingIndex } from "../../../providers/ledger/recalling-index.ts";
import { explainActions } from "../../../providers/rules/audit/explain-actions.ts";
import { concernedBy, sendsIn } from "../../../providers/rules/audit/sends.ts";
import { meetWorld } from "../../../providers/rules/world-rules.ts";
import { audited } from "../../support/fakes-audit.ts";
import { anyAction, anyDevice, anyKey, anyLedger, anyTime } from "./any-records.ts";
import { prefixOf } from "./checkpoint-samples.ts";

type Question = (facts: LedgerFacts) => unknown;

const anyInstant = fc.oneof(
  anyTime.map((time) => Date.parse(time)),
  fc.constant(Number.NEGATIVE_INFINITY),
);

const anyQuestion: fc.Arbitrary<Question> = fc.oneof(
  anyKey.map(
    (key): Question =>
      (facts) =>
        facts.recordsOf(key),
  ),
  fc.array(anyDevice, { maxLength: 2 }).map(
    (devices): Question =>
      (facts) =>
        facts.destructiveIntents(...devices),
  ),
  fc.array(anyDevice, { maxLength: 2 }).map(
    (devices): Question =>
      (facts) =>
        facts.secretIntents(...devices),
  ),
  fc.tuple(anyKey, anyDevice).map(
    ([key, { id }]): Question =>
      (facts) =>
        facts.sentForList(key, id),
  ),
  anyKey.map(
    (key): Question =>
      (facts) => [facts.hasDestroyed(key), facts.hasLockedOut(key)],
  ),
  anyInstant.map(
    (instant): Question =>
      (facts) =>
        [...facts.destroyedSince(instant)].sort(),
  ),
  anyInstant.map(
    (instant): Question =>
      (facts) =>
        [...facts.lockedOutSince(instant)].sort(),
  ),
  fc.tuple(anyAction, anyInstant).map(
    ([action, instant]): Question =>
      (facts) =>
        facts.sentSince(action, instant),
  ),
  anyAction.map(
    (action): Question =>
      (facts) =>
        facts.wasApprovalAsked(action),
  ),
  fc.constant<Question>((facts) => {
    const { mark, readAt, sendersSince, senders, foreign, stopped } = facts.audit();
    return { mark, readAt, sendersSince, senders, foreign, stopped: [...stopped] };
  }),
);

/** A ledger, how much of it a checkpoint covers, and what is asked while the rest is appended. */
const anyUse = anyLedger.chain((records) =>
  fc.record({
    records: fc.constant(records),
    covered: fc.integer({ min: 1, max: records.length }),
    questions: fc.array(fc.tuple(fc.nat(records.length), anyQuestion), { maxLength: 12 }),
  }),
);

test("answers every question as an index of all records does, whenever it is asked", () => {
  fc.assert(
    fc.property(anyUse, ({ records, covered, questions }) => {
      const [recalling, whole] = [new RecallingIndex(prefixOf(records.slice(0, covered))), new LedgerIndex()];
      for (const record of records.slice(0, covered)) whole.add(record);
      const later: readonly (LedgerRecord | null)[] = [null, ...records.slice(covered)];

      for (const [place, record] of later.entries()) {
        if (record !== null) for (const index of [recalling, whole]) index.add(record);
        const now = questions.filter(([when]) => when % later.length === place).map(([, ask]) => ask);
        expect(now.map((ask) => ask(recalling))).toEqual(now.map((ask) => ask(whole)));
      }
    }),
    { numRuns: 1_000 },
  );
});

function bothReadings(records: readonly LedgerRecord[], covered: number): readonly [LedgerReading, LedgerReading] {
  const later = records.slice(covered);
  return [
    new LedgerReading({ exists: true, prefix: prefixOf(records.slice(0, covered)), later }),
    new LedgerReading({ exists: true, later: records }),
  ];
}

const anyActions = fc.array(
  fc
    .record({ action: anyAction, at: anyTime, device: fc.option(anyDevice), correlationId: fc.constantFrom(null, "call-1", "call-2") })
    .map(({ device, ...changes }) => audited({ ...changes, device: device?.id.toLowerCase() ?? null })),
  { maxLength: 3 },
);

test("has all that may explain what others did, and all that is in doubt", () => {
  fc.assert(
    fc.property(anyUse, anyActions, ({ records, covered }, actions) => {
      const [recalling, whole] = bothReadings(records, covered);
      const known = { senders: [], sendersSince: null };

      const explained = (reading: LedgerReading) => {
        const about = reading.recordsAbout(concernedBy(actions));
        const sends = sendsIn(about);
        const keys = [...new Set(about.flatMap((record) => ("key" in record ? [record.key] : [])))].sort();
        const doubts = keys.map((key) => historyOf(reading.facts().recordsOf(key)).steps);
        return {
          explained: explainActions(actions, sends, known),
          inDoubt: doubts.flatMap((steps) => [...steps.values()]).filter(({ kind }) => kind === "inDoubt"),
          settled: doubts.flatMap((steps) => [...steps.values()].filter((state) => "settled" in state && state.settled !== null)),
        };
      };

      expect(explained(recalling)).toEqual(explained(whole));
    }),
    { numRuns: 1_000 },
  );
});

test("holds a ledger against the world of a run as all of its records do", () => {
  fc.assert(
    fc.property(anyUse, ({ records, covered }) => {
      const [recalling, whole] = bothReadings(records, covered);
      const run = { graph: "https://graph.microsoft.com", tenant: null };
      const meet = (reading: LedgerReading) => {
        try {
          return meetWorld(reading.outline, run, "file:ledger", "now");
        } catch (error) {
          return String(error);
        }
      };

      expect(recalling.records).toEqual(whole.records);
      expect(meet(recalling)).toEqual(meet(whole));
    }),
  );
});

test("a reading stays as it was, and goes on as if more stood behind it", () => {
  fc.assert(
    fc.property(anyUse, anyKey, ({ records, covered }, key) => {
      const [before, more] = [records.slice(0, covered), records.slice(covered)];
      const reading = new LedgerReading({ exists: true, prefix: prefixOf(before), later: [] });

      const then = reading.facts(more).recordsOf(key);

      expect(then).toEqual(records.filter((record) => "key" in record && record.key === key));
      expect(reading.facts().recordsOf(key)).toEqual(before.filter((record) => "key" in record && record.key === key));
    }),
  );
});

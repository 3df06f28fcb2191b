import { expect, test } from "@jest/globals";
import { LedgerIndex } from "../../providers/ledger/ledger-index.ts";
import { intent } from "../contract/sample-records.ts";
import { auditedRecord, factsOf, foreign, OURS } from "../support/fakes-audit.ts";

const [ELEVEN, NOON] = ["2026-11-20T11:00:00.000Z", "2026-11-20T12:00:00.000Z"];

test("a ledger without looks remembers none", () => {
  const { mark, readAt, senders, sendersSince, foreign, stopped } = factsOf(intent("a#1"));

  expect([mark, readAt, senders, sendersSince, foreign, stopped.size]).toEqual([null, null, [], null, [], 0]);
});

test("the furthest look counts, whichever was written last", () => {
  const facts = factsOf(auditedRecord({ at: NOON, until: NOON }), auditedRecord({ at: ELEVEN, until: ELEVEN }));

  expect([facts.mark, facts.readAt]).toEqual([Date.parse(NOON), Date.parse(NOON)]);
});

test("a look that did not see all moves no mark, takes away the leave of the one before it, and what it found counts", () => {
  const facts = factsOf(auditedRecord({ at: ELEVEN, until: ELEVEN }), auditedRecord({ until: null, foreign: [foreign()] }));

  expect([facts.mark, facts.readAt, facts.foreign.length]).toEqual([Date.parse(ELEVEN), null, 1]);
});

test("a time that cannot be read moves nothing", () => {
  expect(factsOf(auditedRecord({ until: "soon", at: "later", senders: [OURS] }))).toMatchObject({
    mark: null,
    readAt: null,
    sendersSince: null,
  });
});

test("who sends is known once, since the first record that says so", () => {
  const facts = factsOf(auditedRecord({ at: ELEVEN }), auditedRecord({ at: NOON, senders: [OURS] }), auditedRecord({ senders: [OURS] }));

  expect([facts.senders, facts.sendersSince]).toEqual([[OURS], Date.parse(NOON)]);
});

test("an action that two runs reported at once counts once", () => {
  const record = auditedRecord({ foreign: [foreign()], stopped: ["e1"] });

  expect(factsOf(record, record)).toMatchObject({ foreign: [{ event: "e1" }], stopped: new Set(["e1"]) });
});

test("the index of a ledger has it", () => {
  const index = new LedgerIndex();
  index.add(auditedRecord({ foreign: [foreign()] }));

  expect(index.audit().foreign).toHaveLength(1);
  expect(index.records()).toHaveLength(1);
});

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { auditFactsIn } from "../../../providers/ledger/audit-memory.ts";
import { tellingLooks } from "../../../providers/ledger/telling-looks.ts";
import { auditedRecord, foreign, OURS } from "../../support/fakes-audit.ts";

const anyTime = fc.constantFrom(..."123456".split("").map((hour) => `2026-11-20T0${hour}:00:00Z`), "yesterday");
const anySender = fc.constantFrom(OURS, { ...OURS, user: "anna" }, { ...OURS, user: "bert" });
const anyLook = fc
  .record({
    at: anyTime,
    until: fc.option(anyTime, { freq: 4 }),
    events: fc.array(fc.constantFrom("e1", "e2", "e3"), { maxLength: 1 }),
    senders: fc.array(anySender, { maxLength: 2 }),
    stopped: fc.array(fc.constantFrom("e1", "e2"), { maxLength: 1 }),
  })
  .map(({ events, ...look }) => auditedRecord({ ...look, foreign: events.map((event) => foreign({ event })) }));

test("say what all looks into the audit say", () => {
  fc.assert(
    fc.property(fc.array(anyLook, { maxLength: 12 }), (looks) => {
      const facts = [looks, tellingLooks(looks)].map((some) => {
        const { mark, readAt, sendersSince, senders, foreign: found, stopped } = auditFactsIn(some);
        return { mark, readAt, sendersSince, senders, found, stopped: [...stopped] };
      });

      expect(facts[1]).toEqual(facts[0]);
    }),
    { numRuns: 3_000 },
  );
});

test("are few, however often the mark moved on", () => {
  const looks = Array.from({ length: 1_000 }, (_, day) => {
    const at = new Date(Date.UTC(2026, 0, 1 + day)).toISOString();
    return auditedRecord({ at, until: at, senders: [OURS] });
  });

  expect(tellingLooks(looks)).toEqual([looks[0], looks[999]]);
});

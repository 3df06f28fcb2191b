import { expect, test } from "@jest/globals";
import { createWatch, type EndedSpan } from "../../providers/telemetry/create-watch.ts";
import { watchLedger } from "../../providers/telemetry/watch-stores.ts";
import { MemoryLedger } from "../support/fakes-ledger.ts";
import { intent } from "../support/fakes-records.ts";

test("an append that an objection came before is seen as none", async () => {
  const ended: EndedSpan[] = [];
  const watch = createWatch([(span) => ended.push(span)], null);
  const ledger = watchLedger(new MemoryLedger([]), watch);

  await ledger.withDevice("d", async () => {
    await ledger.appendUnless(intent(0), () => null);
    await ledger.appendUnless(intent(1), () => "somebody else did");
  });

  expect(ended.map(({ name, facts }) => [name, facts.record, facts.count])).toEqual([
    ["ledgerAppend", "intent", 1],
    ["ledgerAppend", "intent", 0],
  ]);
});

test("a read is seen with the number of its records, none of which is asked for", async () => {
  const ended: EndedSpan[] = [];
  const watch = createWatch([(span) => ended.push(span)], null);
  const inner = new MemoryLedger([], [intent(0), intent(1)]);
  const contents = await inner.read();
  inner.read = async () =>
    Object.defineProperty(contents, "records", {
      get: () => {
        throw new Error("all were parsed");
      },
    });

  await watchLedger(inner, watch).read();

  expect(ended.map(({ name, facts, error }) => [name, facts.count, error])).toEqual([["ledgerRead", 2, null]]);
});

import { expect, test } from "@jest/globals";
import { Slots } from "../../providers/support/slots.ts";

/** Takes slots under these names; gives who has one. */
async function asked(slots: Slots, names: readonly (readonly [string, boolean])[]): Promise<string[]> {
  const having: string[] = [];
  for (const [name, isFirst] of names) void slots.take(isFirst).then(() => having.push(name));
  await settled();
  return having;
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

test("so many have one at once, and the others get theirs in the order of asking", async () => {
  const slots = new Slots(2);
  const having = await asked(slots, [
    ["a", false],
    ["b", false],
    ["c", false],
    ["d", false],
  ]);
  const before = [...having];

  slots.giveBack();
  await settled();

  expect([before, having]).toEqual([
    ["a", "b"],
    ["a", "b", "c"],
  ]);
});

test("who asks as first goes before all that wait, and behind others that asked so", async () => {
  const slots = new Slots(1);
  const having = await asked(slots, [
    ["a", false],
    ["b", false],
    ["c", true],
    ["d", true],
  ]);

  for (const _ of "abc") {
    slots.giveBack();
    await settled();
  }

  expect(having).toEqual(["a", "c", "d", "b"]);
});

test("what was given back to one that waits is there for nobody else", async () => {
  const slots = new Slots(1);
  await slots.take();
  void slots.take();
  slots.giveBack();

  expect(await asked(slots, [["c", false]])).toEqual([]);
});

test("what was given back is there for the next that asks, once", async () => {
  const slots = new Slots(1);
  await slots.take();
  slots.giveBack();

  expect(
    await asked(slots, [
      ["b", false],
      ["c", false],
    ]),
  ).toEqual(["b"]);
});

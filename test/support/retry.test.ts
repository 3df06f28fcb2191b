import { describe, expect, test } from "@jest/globals";
import { doublingFrom, every, everyUntil, type Pauses, pausesOf, poll, retry, within } from "../../providers/support/retry.ts";
import { testClock } from "./test-clock.ts";

describe("pauses", () => {
  test.each<[string, Pauses, readonly number[]]>([
    ["of their own", pausesOf(500, 1_500), [500, 1_500]],
    ["that double", doublingFrom(250, 5), [250, 500, 1_000, 2_000]],
    ["of one length, for a number of tries", every(15, 3), [15, 15]],
    ["of one length, for a time that is a multiple", everyUntil(100, 300), [100, 100, 100]],
    ["of one length, for a time that is no multiple", everyUntil(100, 250), [100, 100, 100]],
    ["for no time at all", everyUntil(100, 0), []],
  ])("%s", async (_name, pauses, expected) => {
    const clock = testClock();

    expect(await poll(() => null, { pauses, clock })).toBeNull();

    expect(clock.slept).toEqual(expected);
  });

  test("end once the whole time is over, which begins when it is asked for", async () => {
    const clock = testClock();
    await clock.sleep(60_000);
    const pauses = within(1_000, clock, () => 500);

    await poll(() => null, { pauses, clock });

    expect(clock.slept).toEqual([60_000, 500, 500]);
  });
});

describe("a look that is repeated", () => {
  test("ends at the first that sees something, and waits no more", async () => {
    const clock = testClock();
    const seen = [null, null, "it", "more"];
    const pauses: number[] = [];

    const found = await poll(() => seen.shift() ?? null, { pauses: every(10, 9), clock, onPause: (tries) => pauses.push(tries) });

    expect([found, clock.slept, pauses, seen]).toEqual(["it", [10, 10], [1, 2], ["more"]]);
  });

  test("throws on what its look throws", async () => {
    const broken = new Error("broken");

    const looking = poll(() => Promise.reject(broken), { pauses: every(10, 9), clock: testClock() });

    await expect(looking).rejects.toBe(broken);
  });
});

describe("work that is tried again", () => {
  const passing = [new RangeError("first"), new RangeError("second"), new RangeError("third")];
  const isPassing = (error: unknown) => error instanceof RangeError;

  async function run(answers: readonly unknown[]) {
    const clock = testClock();
    const left = [...answers];
    const work = async () => {
      const next = left.shift();
      if (next instanceof Error) throw next;
      return next;
    };
    const end = await retry(work, isPassing, { pauses: pausesOf(1, 2), clock }).catch((error: unknown) => error);
    return { end, slept: clock.slept, left: left.length };
  }

  test.each([
    ["gives back what the first try gave", ["done"], { end: "done", slept: [], left: 0 }],
    ["gives back null, when that is what there is", [null], { end: null, slept: [], left: 0 }],
    ["goes on after what passes", [passing[0], "done"], { end: "done", slept: [1], left: 0 }],
    ["throws the last error when its pauses are over", [...passing, "done"], { end: passing[2], slept: [1, 2], left: 1 }],
  ])("%s", async (_name, answers, expected) => {
    expect(await run(answers)).toEqual(expected);
  });

  test("throws at once what does not pass", async () => {
    const lasting = new TypeError("lasting");

    expect(await run([lasting, "done"])).toEqual({ end: lasting, slept: [], left: 1 });
  });
});

import { describe, expect, test } from "@jest/globals";
import { NextLooks } from "../../providers/engine/next-look.ts";

/** The looks of some requests that began to wait at the same time, until the end; milliseconds. */
function looksOf(count: number, untilMs: number, shards = 1): readonly number[] {
  const plan = new NextLooks(shards);
  const due = Array.from({ length: count }, () => 0);
  const all: number[] = [];
  for (;;) {
    const now = Math.min(...due);
    if (now >= untilMs) return all;
    for (const [index, instant] of due.entries()) {
      if (instant !== now) continue;
      const next = plan.plan({ since: 0, now, waiting: count });
      due[index] = next;
      all.push(next);
    }
  }
}

describe("one request that waits", () => {
  test("looks after a quarter of a second, then at most a quarter later than its device took, and every 15 s in the end", () => {
    const looks = looksOf(1, 120_000);

    expect(looks.slice(0, 6)).toEqual([250, 500, 750, 1_000, 1_250, 1_500]);
    const late = looks.map((look, index) => ({ look, apart: look - (looks[index - 1] ?? 0) }));
    expect(late.filter(({ look, apart }) => apart > Math.max(250, look / 4))).toEqual([]);
    expect(late.filter(({ apart }) => apart > 15_000)).toEqual([]);
    expect(looks.length).toBeLessThan(40);
  });

  test("never looks before time has passed, whatever the clock says", () => {
    const plan = new NextLooks(1);

    for (const now of [0, 1, 249, 250, 7_777, 1_234_567, -5_000]) expect(plan.plan({ since: 0, now, waiting: 1 })).toBeGreaterThan(now);
  });
});

describe("many that wait", () => {
  test.each([100, 600, 2_000])("%d of them look 800 times in 20 s, and never much more often", (count) => {
    const looks = looksOf(count, 240_000).toSorted((one, other) => one - other);

    const perWindow = looks.map((look, index) => looks.slice(index).filter((other) => other < look + 20_000).length);
    expect(Math.max(...perWindow)).toBeLessThanOrEqual(Math.max(1_200, count));
    expect(looks.length / 12).toBeLessThan(1_000);
    expect(looks.length / 12).toBeGreaterThan(200);
  });

  test("share their reads: each instant is one of few", () => {
    const looks = looksOf(600, 60_000);

    expect(new Set(looks).size).toBeLessThan(looks.length / 40);
  });

  test("look as seldom as their part of the limit asks, where stacks share it", () => {
    expect(looksOf(200, 120_000, 4).length).toBeLessThan(looksOf(200, 120_000).length / 2);
  });
});

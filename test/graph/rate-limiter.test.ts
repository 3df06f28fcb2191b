import { describe, expect, test } from "@jest/globals";
import { GRAPH_LIMITS } from "../../providers/graph/client/limits.ts";
import { createRateLimiter } from "../../providers/graph/client/middleware/rate-limiter.ts";
import { testClock } from "../support/test-clock.ts";

function limiter(limits: Partial<typeof GRAPH_LIMITS> = {}) {
  const clock = testClock();
  const start = clock.now();
  return { clock, since: () => clock.now() - start, ...createRateLimiter(clock, { ...GRAPH_LIMITS, ...limits }) };
}

describe("the rate", () => {
  test("of writes is 200 in 20 s", async () => {
    const { acquire, since } = limiter();

    const times: number[] = [];
    for (let count = 0; count < 450; count += 1) {
      await acquire("write", 1);
      times.push(since());
    }

    expect([times[199], times[200], times[399], times[400]]).toEqual([0, 20_300, 20_300, 40_600]);
  });

  test("of all calls is 2,000 in 20 s, and the items of a batch count", async () => {
    const { acquire, since } = limiter();

    const times: number[] = [];
    for (let count = 0; count < 101; count += 1) {
      await acquire("read", 20);
      times.push(since());
    }

    expect([times[99], times[100]]).toEqual([0, 20_300]);
  });

  test("slides: places come free as they were taken", async () => {
    const { acquire, clock, since } = limiter({ writesPerWindow: 2 });

    await acquire("write", 1);
    clock.advance(15_000);
    await acquire("write", 1);
    await acquire("write", 1);
    const third = since();
    await acquire("write", 1);

    expect([third, since()]).toEqual([20_300, 35_300]);
  });

  test("of writes leaves reads alone", async () => {
    const { acquire, since } = limiter({ writesPerWindow: 1 });
    await acquire("write", 1);

    await acquire("read", 1);

    expect(since()).toBe(0);
  });
});

describe("a place that is given back", () => {
  test("is there for the next call at once", async () => {
    const { acquire, since } = limiter({ writesPerWindow: 2 });
    await acquire("write", 1);
    const { giveBack } = await acquire("write", 1);

    giveBack();
    await acquire("write", 1);
    const third = since();
    await acquire("write", 1);

    expect([third, since()]).toEqual([0, 20_300]);
  });
});

describe("a place that is given back twice", () => {
  test.each([
    ["writes", { writesPerWindow: 2 }],
    ["all calls", { callsPerWindow: 2 }],
  ] as const)("takes away no other that was taken at the same instant, of the rate of %s", async (_name, limits) => {
    const { acquire, since } = limiter(limits);
    await acquire("write", 1);
    const { giveBack } = await acquire("write", 1);

    giveBack();
    giveBack();
    await acquire("write", 1);
    const third = since();
    await acquire("write", 1);

    expect([third, since()]).toEqual([0, 20_300]);
  });
});

describe("a pause", () => {
  test("holds its class, and no other", async () => {
    const { acquire, pause, since } = limiter();
    pause("write", 7_000);

    await acquire("read", 1);
    const read = since();
    await acquire("write", 1);

    expect([read, since()]).toEqual([0, 7_000]);
  });

  test.each<["read" | "write", number]>([
    ["write", 20_300],
    ["read", 20_300],
  ])("of the class %s that comes while a call waits for its place holds that call too", async (rateClass, place) => {
    const clock = testClock();
    const start = clock.now();
    const sleep = async (milliseconds: number) => {
      if (clock.now() === start) pause(rateClass, place + 5_000);
      await clock.sleep(milliseconds);
    };
    const limits = { ...GRAPH_LIMITS, writesPerWindow: 1, ...(rateClass === "read" ? { callsPerWindow: 1 } : {}) };
    const { acquire, pause } = createRateLimiter({ now: () => clock.now(), sleep }, limits);
    await acquire(rateClass, 1);

    await acquire(rateClass, 1);

    expect(clock.now() - start).toBe(place + 5_000);
  });

  test("that comes while a call waits for the end of another holds that call too, however many come", async () => {
    const clock = testClock();
    const start = clock.now();
    const more = [9_000, 9_000, 9_000];
    const sleep = async (milliseconds: number) => {
      pause("write", more.shift() ?? 0);
      await clock.sleep(milliseconds);
    };
    const { acquire, pause } = createRateLimiter({ now: () => clock.now(), sleep }, GRAPH_LIMITS);
    pause("write", 4_000);

    await acquire("write", 1);

    expect(clock.now() - start).toBe(4_000 + 5_000 + 4_000 + 5_000);
  });

  test("is never longer than the longest wait, and the longer of two holds", async () => {
    const { acquire, pause, since } = limiter();
    pause("read", 3_600_000);
    pause("read", 1);

    await acquire("read", 1);

    expect(since()).toBe(GRAPH_LIMITS.oneDelay);
  });
});

describe("a place that is held is no leave any more", () => {
  test.each<[string, "read" | "write", number, boolean]>([
    ["once a pause of its class began, however short", "write", 1, true],
    ["but a pause of another class is not its own", "read", 9_000, false],
    ["but no time to wait is no pause", "write", 0, false],
  ])("%s", async (_name, rateClass, milliseconds, expected) => {
    const { acquire, pause, clock } = limiter();
    pause("write", 2_000);
    const place = await acquire("write", 1);
    const before = place.isPaused();

    pause(rateClass, milliseconds);
    clock.advance(60_000);
    const next = await acquire("write", 1);

    expect([before, place.isPaused(), next.isPaused()]).toEqual([false, expected, false]);
  });
});

import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { GRAPH_LIMITS, ratesOfShard } from "../../providers/graph/client/limits.ts";
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

describe("a place", () => {
  test("is free a window after its call went, not after it was handed out", async () => {
    const { acquire, clock, since } = limiter({ writesPerWindow: 1 });
    const place = await acquire("write", 1);
    clock.advance(3_000);

    await place.mayGo();
    const went = since();
    await acquire("write", 1);

    expect([went, since()]).toEqual([3_000, 23_300]);
  });

  test("counts from when its call came to the wire, whatever held it up until then", async () => {
    const { acquire, clock, since } = limiter({ writesPerWindow: 1 });
    const place = await acquire("write", 1);
    await place.mayGo();
    clock.advance(2_000);
    place.goes();

    await acquire("write", 1);

    expect(since()).toBe(22_300);
  });

  test("that was taken ahead lets its call go when it is free, and no earlier", async () => {
    const { acquire, clock, since } = limiter({ writesPerWindow: 1 });
    await (await acquire("write", 1)).mayGo();

    const place = await acquire("write", 1, 1_000);
    const taken = since();
    clock.advance(400);
    await place.mayGo();

    expect([taken, since()]).toEqual([19_300, 20_300]);
  });

  test("is not taken ahead at a rate that is less than it was", async () => {
    const own = limiter({ writesPerWindow: 2 });
    await (await own.acquire("write", 1)).mayGo();
    own.refused("write");

    await own.acquire("write", 1, 1_000);

    expect(own.since()).toBe(20_300);
  });

  test("that is given back goes to who waits for one, at once", async () => {
    const waits: (() => void)[] = [];
    const clock = { now: () => 0, sleep: () => new Promise<void>((resolve) => void waits.push(resolve)) };
    const { acquire } = createRateLimiter(clock, { ...GRAPH_LIMITS, writesPerWindow: 1 });
    const place = await acquire("write", 1);
    const next = acquire("write", 1);
    await Promise.resolve();

    place.giveBack();

    await expect(next).resolves.toBeDefined();
    expect(waits).toHaveLength(1);
  });
});

describe("reads while writes are sent", () => {
  /** Reads one after another until they have to wait. */
  async function readsAtOnce({ acquire, since }: Pick<ReturnType<typeof limiter>, "acquire" | "since">) {
    for (let count = 0; ; count += 1) {
      await acquire("read", 1);
      if (since() > 0) return count;
    }
  }

  test("leave places for as many writes as may go, and for a last look before each", async () => {
    const own = limiter();
    await own.acquire("write", 1);

    expect(await readsAtOnce(own)).toBe(1_599);
  });

  test("that wait for what is kept go on two seconds after the last write, and not a window later", async () => {
    const own = limiter();
    (await own.acquire("write", 1)).goes();

    await readsAtOnce(own);

    expect(own.since()).toBe(2_000);
  });

  test("take all places while nothing is written", async () => {
    expect(await readsAtOnce(limiter())).toBe(2_000);
  });

  test.each([
    ["two seconds after the last write", true, 2_000, 1_999],
    ["not before", true, 1_999, 1_599 + 2],
    ["a window after a place was handed out whose call never went", false, GRAPH_LIMITS.rateWindow, 2_000],
  ])("take all places again: %s", async (_when, goes, later, expected) => {
    const own = limiter();
    const place = await own.acquire("write", 1);
    if (goes) place.goes();
    own.clock.advance(later);
    const since = () => own.since() - later;

    expect(await readsAtOnce({ ...own, since })).toBe(expected);
  });

  test("take all places once the window has had all its writes, until it has places again", async () => {
    const own = limiter();
    for (let count = 0; count < GRAPH_LIMITS.writesPerWindow; count += 1) (await own.acquire("write", 1)).goes();

    expect(await readsAtOnce(own)).toBe(2_000 - GRAPH_LIMITS.writesPerWindow);
    await own.acquire("write", 1);
    const since = () => own.since() - GRAPH_LIMITS.rateWindow;
    expect(await readsAtOnce({ ...own, since })).toBe(2_000 - 2 * GRAPH_LIMITS.writesPerWindow - 2);
  });

  test("leave places for a write that waits for its own", async () => {
    const clock = { now: () => 0, sleep: () => new Promise<void>(() => undefined) };
    const { acquire, pause } = createRateLimiter(clock, GRAPH_LIMITS);
    pause("write", 5_000);
    void acquire("write", 1);

    const reads: unknown[] = [];
    for (let count = 0; count < 1_601; count += 1) void acquire("read", 1).then((place) => reads.push(place));
    await setImmediate();

    expect(reads).toHaveLength(1_600);
  });

  test("keep no last look waiting, and no write", async () => {
    const sleeping: (() => void)[] = [];
    const clock = { now: () => 0, sleep: () => new Promise<void>((resolve) => void sleeping.push(resolve)) };
    const { acquire } = createRateLimiter(clock, GRAPH_LIMITS);
    await acquire("write", 1);
    for (let count = 0; count < 1_599; count += 1) await acquire("read", 1);
    void acquire("read", 1);
    void acquire("read", 20);

    for (let count = 0; count < 199; count += 1) {
      await acquire("look", 1);
      await acquire("write", 1);
    }

    expect(sleeping.length).toBeGreaterThan(0);
  });
});

describe("a rate that others use too", () => {
  /** In which window each of some writes may go, from the first on. */
  async function windowsOf(count: number, { acquire, since }: Pick<ReturnType<typeof limiter>, "acquire" | "since">) {
    const windows: number[] = [];
    for (let index = 0; index < count; index += 1) {
      await acquire("write", 1);
      windows.push(Math.floor(since() / GRAPH_LIMITS.rateWindow));
    }
    return windows;
  }
  const perWindow = (windows: readonly number[]) => [...new Set(windows)].map((one) => windows.filter((other) => other === one).length);

  test("is half after a refusal, and grows to what it was in five windows", async () => {
    const own = limiter({ writesPerWindow: 20 });
    await windowsOf(20, own);

    for (let count = 0; count < 20; count += 1) own.refused("write");

    expect(perWindow(await windowsOf(110, own))).toEqual([12, 14, 16, 18, 20, 20, 10]);
  });

  test("is kept to at an even pace while it is less, and in one go when it is what it was", async () => {
    const own = limiter({ writesPerWindow: 20 });
    own.refused("write");

    const times: number[] = [];
    for (let count = 0; count < 10; count += 1) {
      await own.acquire("write", 1);
      times.push(own.since());
    }
    own.clock.advance(5 * GRAPH_LIMITS.rateWindow);
    const later = own.since();
    for (let count = 0; count < 20; count += 1) await own.acquire("write", 1);

    expect(times).toEqual(Array.from({ length: 10 }, (_, index) => index * 2_030));
    expect(own.since()).toBe(later);
  });

  test("is half of what it was then, after a refusal in a later window", async () => {
    const own = limiter({ writesPerWindow: 20 });
    own.refused("write");
    own.clock.advance(GRAPH_LIMITS.rateWindow);
    own.refused("write");

    expect(perWindow(await windowsOf(14, own))).toEqual([6, 8]);
  });

  test("is one at least, and of another class what it was", async () => {
    const own = limiter({ writesPerWindow: 1, callsPerWindow: 8 });
    own.refused("write");
    own.refused("read");

    expect(perWindow(await windowsOf(2, own))).toEqual([1, 1]);
    // Writes count among all calls, of which five may go in that window.
    await own.acquire("read", 2);
    expect(own.since()).toBe(GRAPH_LIMITS.rateWindow + GRAPH_LIMITS.rateWindow / 5);
  });
});

test("shards share the rates in equal parts, one call at least each", () => {
  expect(ratesOfShard(GRAPH_LIMITS, 1)).toEqual({ writesPerWindow: 200, callsPerWindow: 2_000 });
  expect(ratesOfShard(GRAPH_LIMITS, 3)).toEqual({ writesPerWindow: 66, callsPerWindow: 666 });
  expect(ratesOfShard(GRAPH_LIMITS, 500)).toEqual({ writesPerWindow: 1, callsPerWindow: 4 });
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

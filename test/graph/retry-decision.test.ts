import { describe, expect, test } from "@jest/globals";
import { GRAPH_LIMITS } from "../../providers/graph/client/limits.ts";
import { type Attempt, decideRetry } from "../../providers/graph/client/retry-decision.ts";

const FIRST: Attempt = { mode: "read", number: 1, elapsed: 0, status: 503, unreachable: false, retryAfter: null, renewed: false };
const wait = (milliseconds: number) => ({ kind: "wait", milliseconds });
const STOP = { kind: "stop" };

describe("whether a try is followed by another", () => {
  const cases: readonly (readonly [string, Partial<Attempt>, object])[] = [
    ["a read after 503 waits the first step", {}, wait(500)],
    ["and twice as long after the second", { number: 2 }, wait(1_000)],
    ["a read without an answer", { status: null }, wait(500)],
    ["a read after 429 without a word on when", { status: 429 }, wait(2_000)],
    ["a read after 429 that says when", { status: 429, retryAfter: 17_000 }, wait(17_000)],
    ["a read after 503 that says when", { retryAfter: 3_000 }, wait(3_000)],
    ["429 with a Retry-After of nothing", { status: 429, retryAfter: 0 }, wait(2_000)],
    ["503 with a Retry-After of nothing", { retryAfter: 0 }, wait(0)],
    ["longer than the longest single wait", { status: 429, retryAfter: 60_001 }, STOP],
    ["a wait that would pass the whole time", { elapsed: 179_501 }, STOP],
    ["a wait that just fits", { elapsed: 179_500 }, wait(500)],
    ["the last try of a read", { number: 6 }, STOP],
    ["the last try to connect", { status: null, unreachable: true, number: 3 }, STOP],
    ["an earlier try to connect", { status: null, unreachable: true, number: 2 }, wait(1_000)],
    ["501: the server never will", { status: 501 }, STOP],
    ...[408, 421, 425, 600].map((status) => [`a read after ${status}`, { status }, wait(500)] as const),
    ["an action that is safe to repeat after 421", { mode: "repeatable", status: 421 }, wait(500)],
    ["200", { status: 200 }, STOP],
    ["302", { status: 302 }, STOP],
    ["400", { status: 400 }, STOP],
    ["403", { status: 403 }, STOP],
    ["404", { status: 404 }, STOP],
    ["409", { status: 409 }, STOP],
    ["412", { status: 412 }, STOP],
    ["401 of a read: a new token", { status: 401 }, { kind: "renew" }],
    ["401 again", { status: 401, renewed: true }, STOP],
    ["a repeatable action after 500", { mode: "repeatable", status: 500 }, wait(500)],
    ["a repeatable action without an answer", { mode: "repeatable", status: null }, wait(500)],
    ["a repeatable action refused", { mode: "repeatable", status: 403 }, STOP],
    ...[null, 99, 401, 403, 408, 409, 412, 421, 425, 429, 500, 502, 503, 504, 600].map(
      (status) => [`an action that must not be done twice after ${status ?? "no answer"}`, { mode: "once", status }, STOP] as const,
    ),
  ];

  test.each(cases)("%s", (_name, attempt, expected) => {
    expect(decideRetry({ ...FIRST, ...attempt }, GRAPH_LIMITS, 1)).toEqual(expected);
  });

  test("jitter is full: from nothing to the whole step", () => {
    const waits = [0, 0.25, 1].map((chance) => decideRetry({ ...FIRST, number: 4 }, GRAPH_LIMITS, chance));

    expect(waits).toEqual([wait(0), wait(1_000), wait(4_000)]);
  });

  test.each(["repeatable", "read"] as const)("a 429 that does not say when is waited out for a second, then longer: %s", (mode) => {
    const waits = [1, 2, 3, 4].map((number) =>
      [0, 0.5, 1].map((chance) => decideRetry({ ...FIRST, mode, status: 429, number }, GRAPH_LIMITS, chance)),
    );

    expect(waits).toEqual([
      [wait(1_000), wait(1_500), wait(2_000)],
      [wait(2_000), wait(3_000), wait(4_000)],
      [wait(4_000), wait(6_000), wait(8_000)],
      [wait(8_000), wait(12_000), wait(16_000)],
    ]);
  });

  test("one step never exceeds the longest single wait", () => {
    const decision = decideRetry({ ...FIRST, number: 20 }, { ...GRAPH_LIMITS, attempts: 99 }, 1);

    expect(decision).toEqual(wait(60_000));
  });
});

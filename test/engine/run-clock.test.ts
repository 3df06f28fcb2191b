import { describe, expect, test } from "@jest/globals";
import { createRunClock } from "../../providers/engine/run-clock.ts";
import { testClock } from "../support/test-clock.ts";

const HOUR = 3_600_000;

describe("the time that a run follows pending actions for", () => {
  test("is whole until something was sent or waited for", () => {
    const clock = testClock();
    const run = createRunClock(clock, 1_000);

    clock.advance(HOUR);

    expect(run.timeLeft()).toBe(1_000);
  });

  test("counts from the first start, and ends at zero", () => {
    const clock = testClock();
    const run = createRunClock(clock, 1_000);

    run.start();
    clock.advance(400);
    run.start();
    const afterStart = run.timeLeft();
    clock.advance(HOUR);

    expect(afterStart).toBe(600);
    expect(run.timeLeft()).toBe(0);
  });

  test("is over at once where nobody wants to wait", () => {
    expect(createRunClock(testClock(), 0).timeLeft()).toBe(0);
  });

  test("does not grow when the clock is set back", () => {
    const clock = testClock();
    const run = createRunClock(clock, 1_000);
    run.start();

    clock.advance(-24 * HOUR);
    const afterJump = run.timeLeft();
    clock.advance(700);

    expect(afterJump).toBeLessThanOrEqual(1_000);
    expect(run.timeLeft()).toBeLessThanOrEqual(300);
  });
});

import { describe, expect, test } from "@jest/globals";
import type { Figures } from "../../bench/figures.ts";
import { GOALS, judge, type TimeMeasure } from "../../bench/goals.ts";
import { figuresOf, sample } from "./figures-sample.ts";

const NOTHING: Figures = { samples: [], states: [], limits: [] };

function found(name: RegExp, figures: Figures, measure: TimeMeasure = "seconds") {
  const verdicts = judge(figures, measure).filter(({ goal }) => name.test(goal.name));
  return verdicts.map(({ value, holds }) => [value, holds]);
}

describe("judge", () => {
  test("says of each goal that nothing was measured", () => {
    expect(judge(NOTHING, "seconds").map(({ value, holds }) => [value, holds])).toEqual(GOALS.map(() => [null, null]));
  });

  test("takes the median of the rounds' ratios to the bare engine, at the goal's own size", () => {
    const figures = figuresOf({ bare: { 3: [1, 10, 1], 1000: [2, 2, 2] }, "escrow-only": { 3: [1.04, 20, 1.04], 1000: [2.4, 2.4, 9] } });

    expect(found(/^preview of 3,/, figures)).toEqual([[1.04, true]]);
    expect(found(/^`up` of 3,/, figures)).toEqual([[1.04, true]]);
    expect(found(/^preview of 1,000, /, figures)).toEqual([[1.2, true]]);
    expect(found(/^preview of 1,000 with nothing/, figures)).toEqual([[1.2, false]]);
  });

  test("judges by processor time where that is asked for", () => {
    const samples = [
      sample({ contender: "bare", operation: "preview", seconds: 1, cpuSeconds: 1 }),
      sample({ operation: "preview", seconds: 5, cpuSeconds: 1 }),
    ];

    expect(found(/^preview of 3,/, { ...NOTHING, samples }, "seconds")).toEqual([[5, false]]);
    expect(found(/^preview of 3,/, { ...NOTHING, samples }, "cpuSeconds")).toEqual([[1, true]]);
  });

  test("compares nothing where a round lacks its pair", () => {
    const figures = figuresOf({ bare: { 3: [1, 1] }, "escrow-only": { 3: [1] } });

    expect(found(/^preview of 3,/, figures)).toEqual([[null, null]]);
  });

  test("takes the worst of what we do for growth and memory, and leaves out what is not ours", () => {
    const figures = figuresOf({
      bare: { 100: [1], 1000: [90] },
      "script-single": { 100: [1], 1000: [99] },
      "escrow-only": { 100: [1], 1000: [9] },
      "unlock-and-wipe": { 100: [1], 1000: [11] },
    });

    expect(found(/^1,000 to 100/, figures)).toEqual([[11, false]]);
    expect(found(/^peak memory/, figures)).toEqual([[0.1, true]]);
  });

  test("wants no Graph call of a run that has nothing to do, in any round", () => {
    const idle = (round: number, graphCalls: number) => sample({ operation: "idleUp", size: 1_000, round, seconds: 1, graphCalls });

    expect(found(/^Graph calls/, { ...NOTHING, samples: [idle(0, 0), idle(1, 0)] })).toEqual([[0, true]]);
    expect(found(/^Graph calls/, { ...NOTHING, samples: [idle(0, 1), idle(1, 0)] })).toEqual([[1, false]]);
  });

  test("holds commands that perform a review to Pulumi's own, at each size", () => {
    const up = (contender: string, size: number, seconds: number) => sample({ contender, size, seconds });
    const samples = [up("dlr", 3, 2), up("escrow-only", 3, 2), up("dlr", 100, 3), up("escrow-only", 100, 2)];

    expect(found(/^`dlr up --reviewed`/, { ...NOTHING, samples })).toEqual([[1.5, false]]);
  });

  test("measures state in bytes, and limits by what they allow", () => {
    const state = (contender: string, bytes: number) => ({ contender, size: 3, bytes });
    const limit = { name: "unlock-and-wipe", requests: 300, seconds: 44, allowedSeconds: 40, refused: 1, unfinished: 0 };
    const figures = { samples: [], states: [state("escrow-only", 2_048), state("unlock-and-wipe", 9_999)], limits: [limit] };

    expect(found(/^state/, figures)).toEqual([[2_048, true]]);
    expect(found(/^unlock-and-wipe under/, figures)).toEqual([[1.1, true]]);
    expect(found(/^resets/, figures)).toEqual([[null, null]]);
    expect(found(/refused/, figures)).toEqual([[1, false]]);
    expect(found(/not ended/, figures)).toEqual([[0, true]]);
  });
});

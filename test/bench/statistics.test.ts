import { describe, expect, test } from "@jest/globals";
import { ratioOf, spreadOf } from "../../bench/statistics.ts";

describe("spreadOf", () => {
  test.each([
    { values: [7], median: 7, lowest: 7, highest: 7 },
    { values: [10, 9, 100], median: 10, lowest: 9, highest: 100 },
    { values: [4, 1, 2, 3], median: 2.5, lowest: 1, highest: 4 },
  ])("of $values", ({ values, ...spread }) => {
    expect(spreadOf(values)).toEqual(spread);
  });

  test("of nothing is none", () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});

describe("ratioOf", () => {
  test("is taken within each round", () => {
    // A machine that was ten times as slow in the second round.
    expect(ratioOf([2, 30, 2], [1, 10, 2])).toEqual({ median: 2, lowest: 1, highest: 3 });
  });

  test("needs pairs", () => {
    expect(() => ratioOf([1, 2], [1])).toThrow(RangeError);
  });
});

import { describe, expect, test } from "@jest/globals";
import { judge } from "../../bench/goals.ts";
import { renderChart } from "../../bench/render-chart.ts";
import { renderGoals, renderLimits, renderMeasure, renderStates } from "../../bench/render-table.ts";
import { figuresOf } from "./figures-sample.ts";

const FIGURES = {
  ...figuresOf({ bare: { 3: [1, 2, 1.5], 1000: [2, 2, 2] }, "escrow-only": { 3: [2, 2, 3] } }),
  states: [3_000, 3_100, 3_400].map((bytes) => ({ contender: "escrow-only", size: 3, bytes })),
  limits: [{ name: "unlock-and-wipe", requests: 300, seconds: 44.91, allowedSeconds: 40, refused: 2, unfinished: 0 }],
};

describe("renderMeasure", () => {
  test("has median, spread and ratio, and an empty cell for what was not measured", () => {
    const lines = renderMeasure(FIGURES, "seconds").split("\n");

    expect(lines.slice(0, 4)).toEqual([
      "|  |  | 3 | 1,000 |",
      "|---|---|---|---|",
      "| preview | bare | 1.50 (1.00–2.00) | 2.00 |",
      "| preview | escrow-only | 2.00 (2.00–3.00), 2.00 × |  |",
    ]);
  });

  test("says no ratio of calls", () => {
    expect(renderMeasure(FIGURES, "graphCalls")).not.toContain("×");
  });
});

test("renderGoals says what holds, what does not, and what was not measured", () => {
  const rows = renderGoals(judge(FIGURES, "seconds")).split("\n");

  expect(rows.find((row) => row.startsWith("| preview of 3,"))).toBe(
    "| preview of 3, to the bare engine | ≤ 1.05 × | 2.00 × | **does not hold** |",
  );
  expect(rows.find((row) => row.startsWith("| preview of 1,000, "))).toMatch(/\| – \| not measured \|$/);
  expect(rows.find((row) => row.startsWith("| state"))).toBe("| state of a request, escrow-only | ≤ 2,048 | 3,400 | **does not hold** |");
});

test("renderStates has the median", () => {
  expect(renderStates(FIGURES)).toContain("| escrow-only | 3,100 |  |");
});

test("renderLimits has what the limits allow", () => {
  expect(renderLimits(FIGURES)).toContain("| 300 unlock-and-wipe | 44.9 s | 40.0 s | 2 | 0 |");
});

describe("renderChart", () => {
  const chart = renderChart(FIGURES, "seconds");
  const points = [...chart.matchAll(/<polyline points="([^"]*)"/g)].map(
    ([, list]) => list?.split(" ").map((one) => one.split(",").map(Number)) ?? [],
  );

  test("draws what was measured, and nothing else", () => {
    expect(points.map(({ length }) => length)).toEqual([2, 1, 2, 1, 2, 1]);
    expect(chart).toContain('aria-label="Seconds by number of requests"');
  });

  test("goes right with requests and up with time, within the picture", () => {
    const [[fewX = 0, fewY = 0] = [], [manyX = 0, manyY = 0] = []] = points[0] ?? [];

    expect(manyX).toBeGreaterThan(fewX);
    expect(manyY).toBeLessThan(fewY);
    for (const [x = -1, y = -1] of points.flat()) {
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(900);
      expect(y).toBeGreaterThanOrEqual(50);
      expect(y).toBeLessThanOrEqual(270);
    }
  });
});

import { expect, test } from "@jest/globals";
import { renderPairs } from "../../bench/against.ts";
import { figuresOf } from "./figures-sample.ts";

test("renderPairs says how many times as much this commit takes, pair by pair", () => {
  const figures = figuresOf({ "escrow-only here": { 3: [2, 30, 2] }, "escrow-only other": { 3: [1, 10, 2] } });

  const lines = renderPairs(figures, ["escrow-only", "reset-passcode"]);

  expect(lines.map((line) => line.split(/\s+/).slice(0, 3).join(" "))).toEqual(
    ["preview", "up", "idlePreview", "idleUp"].map((operation) => `escrow-only 3 ${operation}`),
  );
  expect(lines[0]).toMatch(/ 2\.000 \(1\.000–3\.000\) +2\.000 \(1\.000–3\.000\) +2\.000 \(1\.000–3\.000\)$/);
});

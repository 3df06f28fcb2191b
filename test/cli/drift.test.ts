import { describe, expect, test } from "@jest/globals";
import { exitCodeOf, renderFindings } from "../../cli/drift/drift.ts";
import { findingsIn } from "../../cli/drift/findings.ts";
import type { JsonObject } from "../../providers/domain/json.ts";

const state = (name: string, outcome: string, ...conditions: readonly JsonObject[]): JsonObject => ({
  outcome,
  request: { name, generation: 1 },
  conditions: [...conditions],
});

const drifted = (status: string, message = "so it is"): JsonObject => ({ type: "Drifted", status, message });

describe("what a refresh left in state", () => {
  test("is told of finished requests, and others are counted", () => {
    const findings = findingsIn([
      { summary: {} },
      state("a", "succeeded"),
      state("b", "succeeded", { type: "Escrowed" }, drifted("True")),
      state("c", "succeeded", drifted("Unknown", "not \u001b[2J visible")),
      state("d", "pending", drifted("True")),
    ]);

    expect(renderFindings(findings)).toEqual([
      "drifted  b: so it is",
      "unknown  c: not \\u{1b}[2J visible",
      "3 finished requests looked at: 1 drifted, 1 cannot be told; 1 request not finished, which up looks at",
    ]);
    expect(exitCodeOf(findings)).toBe(4);
  });

  test.each([
    [[state("a", "succeeded", drifted("Unknown"))], 3],
    [[state("a", "succeeded")], 0],
    [[], 0],
  ])("%j ends with %d", (outputs, code) => {
    expect(exitCodeOf(findingsIn(outputs))).toBe(code);
  });
});

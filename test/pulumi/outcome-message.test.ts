import { describe, expect, test } from "@jest/globals";
import type { Condition, Outcome } from "../../providers/domain/outcome.ts";
import { outcomeMessageOf } from "../../providers/pulumi/program/outcome-message.ts";

const finished = (message: string): Condition => ({ type: "Finished", status: "True", reason: "", message, lastTransitionTime: "" });

describe("how an outcome is told after up", () => {
  test.each<[Outcome, string, string]>([
    ["succeeded", "green", "green"],
    ["pending", "yellow", "yellow"],
    ["awaitingApproval", "yellow", "yellow"],
    ["awaitingSignIn", "yellow", "yellow"],
    ["failed", "red", "yellow"],
    ["expired", "red", "yellow"],
    ["ambiguous", "red", "red"],
  ])("%s: %s in the run that reached it, %s later", (outcome, now, later) => {
    expect(outcomeMessageOf(outcome, [], false).color).toBe(now);
    expect(outcomeMessageOf(outcome, [], true).color).toBe(later);
  });

  test("says why", () => {
    expect(outcomeMessageOf("pending", [finished("Graph took wipe")], false).text).toBe("pending: Graph took wipe");
    expect(outcomeMessageOf("pending", [], false).text).toBe("pending: ");
  });

  test("steers no terminal with the name of a device", () => {
    expect(outcomeMessageOf("failed", [finished("iPad \u001b[2K\r\nsucceeded\u202e")], false).text).toBe(
      "failed: iPad \\u{1b}[2K\\u{d}\\u{a}succeeded\\u{202e}",
    );
  });
});

import { describe, expect, test } from "@jest/globals";
import { exitCodeOf, renderFindings } from "../../cli/drift/drift.ts";
import { findingsIn } from "../../cli/drift/findings.ts";
import type { DriftFinding } from "../../providers/domain/drift.ts";
import type { JsonObject } from "../../providers/domain/json.ts";
import { shelfOutputs } from "../support/fakes-shelf.ts";

const AT = "2026-11-19T08:15:00.000Z";
const LATER = "2026-11-20T09:30:00.000Z";

const state = (name: string, outcome: string, found: Partial<JsonObject> = {}): JsonObject => ({
  outcome,
  request: { name, generation: 1 },
  conditions: [],
  ...(found as JsonObject),
});

/** As versions before this one left it. */
const drifted = (status: string, reason: string, message = "so it is"): JsonObject => ({
  conditions: [{ type: "Escrowed" }, { type: "Drifted", status, reason, message, lastTransitionTime: AT }],
});

const finding = (kind: DriftFinding["kind"], word: DriftFinding["state"], message = "so it is"): JsonObject => ({
  drift: [{ kind, state: word, about: "device", message, firstSeen: AT, lastSeen: LATER }],
});

describe("what a refresh left in state", () => {
  test("is told of finished requests, also of older versions, and others are counted", () => {
    const findings = findingsIn([
      { summary: {} },
      state("a", "succeeded"),
      state("b", "succeeded", drifted("True", "BypassCodeChanged")),
      state("c", "succeeded", drifted("Unknown", "NotVisible", "not \u001b[2J visible")),
      state("d", "pending", drifted("True", "LeftIntune")),
    ]);

    expect(renderFindings(findings)).toEqual([
      "drifted  b: so it is (since 2026-11-19 08:15)",
      "unknown  c: not \\u{1b}[2J visible (since 2026-11-19 08:15)",
      "3 finished requests looked at: 1 drifted, 1 cannot be told; 1 request not finished, which up looks at",
    ]);
    expect(exitCodeOf(findings)).toBe(4);
  });

  test("is told of requests on a shelf, and once of those that a run left in two places", () => {
    const shelf = { ...shelfOutputs(state("a", "succeeded", finding("LeftIntune", "new")) as never, state("b", "succeeded") as never) };

    const findings = findingsIn([shelf, state("b", "succeeded", finding("EnrolledAnew", "known"))], [{ ...shelf }]);

    expect(findings).toMatchObject({
      looked: 2,
      ended: [],
      found: [
        { name: "a", finding: "LeftIntune" },
        { name: "b", finding: "EnrolledAnew" },
      ],
    });
  });

  test("is told with its state: what is new, what is known since when, what is over, what is only good to know", () => {
    const findings = findingsIn([
      state("a", "succeeded", finding("LeftIntune", "new", "left")),
      state("b", "succeeded", finding("EnrolledAnew", "known", "anew")),
      state("c", "succeeded", finding("BypassCodeChanged", "resolved", "changed")),
      state("d", "succeeded", finding("CameBack", "new", "back")),
    ]);

    expect(renderFindings(findings)).toEqual([
      "drifted  a: left",
      "drifted  b: anew (since 2026-11-19 08:15)",
      "resolved c: changed (last seen 2026-11-20 09:30)",
      "notice   d: back",
      "4 finished requests looked at: 2 drifted, 0 cannot be told, 1 notice",
    ]);
    expect(findings.found[1]).toEqual({
      name: "b",
      kind: "drifted",
      message: "anew",
      finding: "EnrolledAnew",
      state: "known",
      about: "device",
      firstSeen: AT,
      lastSeen: LATER,
    });
  });

  test("is told once where the same is true of several requests", () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const alike = (some: readonly string[]) =>
      findingsIn(some.map((name) => state(name, "succeeded", finding("NotVisible", "new", "hidden"))));

    expect(renderFindings(alike(names))[0]).toBe("unknown  6 requests: hidden");
    expect(renderFindings(alike(names.slice(0, 2)))[0]).toBe("unknown  a, b: hidden");
  });

  test("names what ended in this look, held against the state before", () => {
    const before = [state("a", "pending"), state("b", "succeeded"), state("c", "pending")];
    const after = [state("a", "succeeded"), state("b", "succeeded"), state("c", "pending")];

    expect(findingsIn(after, before).ended).toEqual(["a"]);
    expect(renderFindings(findingsIn(after, before))[0]).toBe("ended since the last run: a");
    expect(findingsIn(after, null).ended).toEqual([]);
  });

  test.each<[readonly JsonObject[], number]>([
    [[state("a", "succeeded", finding("NotVisible", "known"))], 3],
    [[state("a", "succeeded", finding("SecretExpires", "new"))], 0],
    [[state("a", "succeeded", finding("LeftIntune", "resolved"))], 0],
    [[state("a", "succeeded", { drift: [{ kind: "OfANewerVersion", state: "new" }] })], 0],
    [[state("a", "succeeded")], 0],
    [[], 0],
  ])("%j ends with %d", (outputs, code) => {
    expect(exitCodeOf(findingsIn(outputs))).toBe(code);
  });
});

import { describe, expect, test } from "@jest/globals";
import type { Outcome } from "../../providers/domain/outcome.ts";
import type { LifecycleRequest } from "../../providers/domain/request.ts";
import { hasChanges } from "../../providers/pulumi/provider/diff.ts";
import type { LifecycleOutputs } from "../../providers/pulumi/state.ts";
import { inputsFor, stateFor } from "../support/fakes-pulumi.ts";
import { lifecycleRequest } from "../support/fakes-requests.ts";

const REQUEST = lifecycleRequest(["escrowBypassCode"]);
const drifted = (reason: string): Partial<LifecycleOutputs> => ({
  conditions: [{ type: "Drifted", status: "True", reason, message: "", lastTransitionTime: "2026-11-20T12:00:00.000Z" }],
});

interface Row {
  readonly outcome: Outcome;
  readonly unedited: boolean;
  readonly edited: boolean;
}

/** Whether `up` has something to do, as it stands in the table of outcomes. */
const TABLE: readonly Row[] = [
  { outcome: "succeeded", unedited: false, edited: false },
  { outcome: "pending", unedited: true, edited: true },
  { outcome: "awaitingApproval", unedited: true, edited: true },
  { outcome: "awaitingSignIn", unedited: true, edited: true },
  { outcome: "ambiguous", unedited: true, edited: true },
  { outcome: "failed", unedited: false, edited: true },
  { outcome: "expired", unedited: false, edited: true },
];

const changes = (outcome: Outcome, edit: Partial<LifecycleRequest> = {}, state: Partial<LifecycleOutputs> = {}) =>
  hasChanges({ ...stateFor(REQUEST, outcome), ...state }, inputsFor({ ...REQUEST, ...edit }));

describe("a change", () => {
  test.each(TABLE)("of a $outcome request: $unedited, after an edit: $edited", ({ outcome, unedited, edited }) => {
    expect(changes(outcome)).toBe(unedited);
    expect(changes(outcome, { expires: "2027-12-31" })).toBe(edited);
  });

  test.each(TABLE)("of a $outcome request in its next generation: always", ({ outcome }) => {
    expect(changes(outcome, { generation: 2 })).toBe(true);
  });

  test.each(TABLE)("of a $outcome request is not made by its place, its reason, or what was begun", ({ outcome, unedited }) => {
    const moved = { ...REQUEST, reason: "Reworded", source: { file: "devices/requests/z.yaml", line: 99, column: 1 } };

    const inputs = { ...inputsFor(moved), begun: true };

    expect(hasChanges(stateFor(REQUEST, outcome), inputs)).toBe(unedited);
  });

  test("is everything that state does not know", () => {
    expect(hasChanges({}, inputsFor(REQUEST))).toBe(true);
  });

  test("is drift that doing the steps again mends, where the request asks for it", () => {
    expect(changes("succeeded", { onDrift: "repeat" }, drifted("BypassCodeChanged"))).toBe(true);
    expect(changes("succeeded", { onDrift: "report" }, drifted("BypassCodeChanged"))).toBe(false);
    expect(changes("succeeded", { onDrift: "repeat" })).toBe(false);
  });

  test.each(["LeftIntune", "EnrolledAnew"])("is not drift that no repetition mends: %s", (reason) => {
    expect(changes("succeeded", { onDrift: "repeat" }, drifted(reason))).toBe(false);
  });
});

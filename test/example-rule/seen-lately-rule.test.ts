import { describe, expect, test } from "@jest/globals";
import type { ManagedDevice } from "../../providers/domain/managed-device.ts";
import { RULES } from "../../providers/rules/all-rules.ts";
import { askRules, type Moment } from "../../providers/rules/rule.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { ruleFacts } from "../support/fakes-rules.ts";
import { seenLatelyRule } from "./seen-lately-rule.ts";

const { plan } = jobOf(lifecycleRequest(UNLOCK_AND_WIPE));
const NOW = Date.parse("2026-11-20T12:00:00Z");

function ask(device: ManagedDevice | null, changes: { readonly moment?: Moment; readonly next?: number } = {}) {
  const { moment = "step", next = 2 } = changes;
  const facts = ruleFacts(plan, device, { steps: plan.steps.slice(next), now: NOW });
  return askRules([seenLatelyRule], moment, facts);
}

const lastSeen = (lastSyncDateTime: string | null): ManagedDevice => ({ ...IPAD, lastSyncDateTime });

describe("the rule of the how-to", () => {
  test.each([
    ["was seen a day less than a month ago", lastSeen("2026-10-21T12:00:01Z"), "fine"],
    ["was seen a month ago", lastSeen("2026-10-21T12:00:00Z"), "against"],
    ["was never seen by anybody who says so", lastSeen(null), "fine"],
    ["is gone", null, "fine"],
  ])("about a wipe of a device that %s: %s", (_name, device, kind) => {
    expect(ask(device).kind).toBe(kind);
  });

  test("has nothing to say of a step that destroys nothing, nor at another moment", () => {
    const long = lastSeen("2020-01-01T00:00:00Z");

    expect([ask(long, { next: 1 }).kind, ask(long, { moment: "wire" }).kind]).toEqual(["fine", "fine"]);
  });

  test("holds the request beside all that there are, and says what to do", () => {
    const facts = ruleFacts(plan, lastSeen("2020-01-01T00:00:00Z"), { steps: plan.steps.slice(2), now: NOW });

    expect(askRules([seenLatelyRule, ...RULES], "step", facts)).toMatchObject({
      kind: "against",
      rule: { id: "seen-lately", outcome: "pending" },
      findings: [{ hint: "switch it on, or delete the request" }],
    });
  });

  test("has names that no other rule has", () => {
    expect(RULES.filter(({ id, reason }) => id === seenLatelyRule.id || reason === seenLatelyRule.reason)).toEqual([]);
  });
});

import { describe, expect, test } from "@jest/globals";
import type { Look } from "../../providers/domain/observation.ts";
import { type Decision, done, finish, look } from "../../providers/engine/decide/decision.ts";
import { endingOnly } from "../../providers/engine/decide/ending-only.ts";
import { historyOf } from "../../providers/engine/history.ts";
import { followOnlyRule } from "../../providers/rules/run-rules.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { begun, intent, result } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";

const { plan } = jobOf(lifecycleRequest(["rebootNow", "waitFor", "shutDown"]));
const [reboot, wait, shutDown] = plan.steps;
if (reboot === undefined || wait === undefined || shutDown === undefined) throw new Error("three steps were planned");

const HISTORY = historyOf([begun(plan), intent(0), result(0, "accepted")]);
const LEFT = expect.objectContaining({ kind: "finish", verdict: expect.objectContaining({ outcome: "pending" }) });

const rest = (decision: unknown) => endingOnly(decision as Decision, HISTORY);

describe("where only what was begun may end", () => {
  test.each([
    ["a send", { kind: "send", step: reboot, device: IPAD }],
    ["a send of what was approved", { kind: "send", step: reboot, device: IPAD, approvalRequest: "a" }],
    ["a place for one", { kind: "place", step: reboot }],
    ["an escrow", { kind: "escrow", step: reboot, device: IPAD }],
    ["taking over what somebody else started", { kind: "adopt", step: reboot, device: IPAD }],
    ["waiting for a report", { kind: "wait", for: "report" }],
    ["waiting in doubt", { kind: "wait", for: "doubt", step: reboot, atLeastMs: 1, atMostMs: 1 }],
    ["the end of a step that nothing was done for", done(shutDown, "NotApplicable", "no code")],
    ["what a rule says", { ...finish("failed", "Protected", "no"), rule: followOnlyRule }],
  ])("%s is left to the next up", (_, decision) => {
    expect(rest(decision)).toEqual(LEFT);
  });

  test.each([
    ["the end of a step under way", done(reboot, "Reported", "done")],
    ["the end of a wait", done(wait, "Waited", "done")],
    ["the end of a doubt", { kind: "resolveDoubt", detail: "reported" }],
    ["a look for a device that is missed", { kind: "wait", for: "gone", atMostMs: 1 }],
    ["an end", finish("succeeded", "Finished", "every step is done")],
    ["a failure of a step, which nobody records here", finish("failed", "Reported", "no")],
  ])("%s stays", (_, decision) => {
    expect(rest(decision)).toBe(decision);
  });

  test("looks ask for no secret, and for no leave to send", () => {
    const all: readonly Look[] = [
      "device",
      "gone",
      "bypassCode",
      "approval",
      "brake",
      "hold",
      "review",
      "shown",
      "permissions",
      "clock",
      "ledger",
    ];

    expect(all.filter((what) => endingOnly(look(reboot, what), HISTORY).kind === "look")).toEqual([
      "device",
      "gone",
      "approval",
      "clock",
      "ledger",
    ]);
  });

  test("nothing is ended of a request that nobody has begun", () => {
    expect(endingOnly(done(wait, "Waited", "done"), historyOf([]))).toEqual(LEFT);
  });
});

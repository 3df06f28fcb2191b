import { describe, expect, test } from "@jest/globals";
import { LedgerError } from "../../providers/domain/errors.ts";
import { POLICY_TYPE, SHELF_TYPE } from "../../providers/domain/project.ts";
import { knownIn } from "../../providers/pulumi/known-in.ts";
import { policyText } from "../../providers/pulumi/policy-state.ts";
import { type OwnRequest, parseOwnState } from "../../providers/pulumi/program/own-state.ts";
import { refuseForgotten } from "../../providers/pulumi/provider/forgotten.ts";
import { type KnownRequest, refuseVanishedLedger } from "../../providers/rules/known-ledger-rules.ts";
import { MARK, policyOf } from "../support/fakes-policies.ts";
import { stateFor } from "../support/fakes-pulumi.ts";
import { begun, intent, outcome } from "../support/fakes-records.ts";
import { lifecycleRequest } from "../support/fakes-requests.ts";
import { shelfOutputs, urnOf } from "../support/fakes-shelf.ts";
import { contentsOf, factsOf, NO_LEDGER } from "../support/ledger-contents.ts";

const URN = "urn:pulumi:prod::device-lifecycle::";
const step = (clientRequestId: string | null) => ({ action: "wipe", status: "sent", clientRequestId });
const lifecycle = (name: string, generation = 1) => ({
  type: "pulumi-nodejs:dynamic/intune:DeviceLifecycle",
  outputs: {
    ...stateFor(lifecycleRequest(["wipe"], { name, generation }), "succeeded"),
    steps: [step(null), step(`call-of-${name}`)],
  },
});
const known = (key: string, ...calls: readonly string[]): KnownRequest => ({ key, calls });
const own = (key: string, ...calls: readonly string[]): OwnRequest => ({ key, calls, isSucceeded: true, shelf: null, findings: [] });

describe("the stack's own state", () => {
  test("knows the drift that a request done anew would undo, and no other", () => {
    const outputs = (reason: string) => ({
      request: { name: "a", generation: 2 },
      outcome: "succeeded",
      steps: [],
      conditions: [{ type: "Drifted", status: "True", reason, message: "another code", lastTransitionTime: "2026-11-20T12:00:00.000Z" }],
    });
    const known = (reason: string) => knownIn(outputs(reason));

    expect(known("BypassCodeChanged")).toEqual([{ key: "a#2", calls: [], drift: "another code" }]);
    expect(known("EnrolledAnew")).toEqual([{ key: "a#2", calls: [] }]);
  });

  test("tells the requests that it holds, and the ledger of the last run", () => {
    expect(
      parseOwnState({
        [`${URN}pulumi:pulumi:Stack::prod`]: { type: "pulumi:pulumi:Stack", outputs: { ledger: "file:ledger, made then", summary: {} } },
        [`${URN}pulumi:providers:pulumi-nodejs::default`]: { type: "pulumi:providers:pulumi-nodejs", outputs: {} },
        [`${URN}a`]: lifecycle("a"),
        [`${URN}b`]: lifecycle("summer/ab12", 3),
        [`${URN}lock`]: { type: POLICY_TYPE, outputs: { policy: policyOf({ name: "lock" }), id: "5b1c", outcome: "inPlace" } },
        [`${URN}half`]: { type: POLICY_TYPE, outputs: {} },
      }),
    ).toEqual({
      requests: [own("a#1", "call-of-a"), own("summer/ab12#3", "call-of-summer/ab12")],
      policies: [{ name: "lock", mark: MARK, id: "5b1c", isAdopted: false, inPlace: policyText(policyOf({ name: "lock" })) }],
      ledger: "file:ledger, made then",
    });
  });

  test("does not tell resources that are half made: no run came to an outcome of them", async () => {
    const { type, outputs } = lifecycle("a");
    const { outcome: _, ...halfMade } = outputs;
    const resources = { [`${URN}a`]: { type, outputs: halfMade }, [`${URN}b`]: lifecycle("b") };

    const { requests } = parseOwnState(resources);

    expect(requests).toEqual([own("b#1", "call-of-b")]);
  });

  test("tells what stands on a shelf, with its calls: a ledger that lacks one is refused", async () => {
    const { outputs } = lifecycle("a");
    const shelf = shelfOutputs({ ...outputs });
    const state = parseOwnState({ [urnOf("finished-2026-08")]: { type: SHELF_TYPE, outputs: shelf } });
    const without = [begun(undefined, { key: "a#1" })];

    expect(state.requests).toEqual([{ ...own("a#1", "call-of-a"), shelf: "finished-2026-08" }]);
    expect(() => refuseVanishedLedger(state, contentsOf(...without), "file:ledger")).toThrow(/no record of its call call-of-a/);
    expect(() => refuseVanishedLedger(state, NO_LEDGER, "file:ledger")).toThrow(/a#1 \(no record\)/);
    await expect(refuseForgotten(shelf, { facts: async () => factsOf(...without) })).rejects.toThrow(/no record of its call call-of-a/);
  });

  test("of one resource is held against the ledger once there is an outcome of it", async () => {
    const { outcome, ...halfMade } = stateFor(lifecycleRequest(["wipe"], { name: "a" }), "pending");
    const ledger = { facts: async () => factsOf() };

    await expect(refuseForgotten(halfMade, ledger)).resolves.toBeUndefined();
    await expect(refuseForgotten({ ...halfMade, outcome }, ledger)).rejects.toThrow(/a#1 \(no record\)/);
  });

  test.each([
    [undefined],
    [{}],
    [{ [`${URN}s`]: { type: "pulumi:pulumi:Stack", outputs: {} } }],
    [{ [`${URN}s`]: { type: "pulumi:pulumi:Stack", outputs: { ledger: 7 } }, [`${URN}a`]: { type: lifecycle("a").type, outputs: {} } }],
  ])("of a stack that was never run tells nothing: %j", (resources) => {
    expect(parseOwnState(resources)).toEqual({ requests: [], policies: [], ledger: undefined });
  });
});

describe("a ledger beside a state that knows requests", () => {
  const NAME = "file:ledger, made then";
  const records = [outcome("succeeded", { key: "a#1" }), intent(0, { key: "b#2", clientRequestId: "call-1" })];
  const state = { requests: [known("a#1"), known("b#2", "call-1")], ledger: NAME };

  test("is right when it has records of all of them and of all that was sent", () => {
    expect(() => refuseVanishedLedger(state, contentsOf(...records), "file:ledger")).not.toThrow();
    expect(() => refuseVanishedLedger({ requests: [], ledger: undefined }, NO_LEDGER, "file:ledger")).not.toThrow();
  });

  test.each([
    ["is missing", NO_LEDGER, "there is no ledger in file:ledger, so it lacks what was done for 2 of the 2 requests"],
    [
      "is empty",
      contentsOf(),
      "the ledger in file:ledger lacks what was done for 2 of the 2 requests that this stack's state holds: a#1 (no record), b#2 (no record)",
    ],
    ["is an older copy", contentsOf(...records.slice(0, 1)), "for 1 of the 2 requests that this stack's state holds: b#2 (no record)"],
    [
      "is a copy of the moment before the wipe",
      contentsOf(...records.slice(0, 1), begun(undefined, { key: "b#2" })),
      "holds: b#2 (no record of its call call-1)",
    ],
  ])("is refused where it %s", (_, ledger, message) => {
    const refuse = () => refuseVanishedLedger(state, ledger, "file:ledger");

    expect(refuse).toThrow(LedgerError);
    expect(refuse).toThrow(message);
    expect(refuse).toThrow(/the last run used file:ledger, made then; nothing was sent/);
  });

  test("is refused where it is missing and state only knows its name", () => {
    const refuse = () => refuseVanishedLedger({ requests: [], ledger: NAME }, NO_LEDGER, "file:ledger");

    expect(refuse).toThrow(/there is no ledger in file:ledger, and the last run used file:ledger, made then/);
  });

  test("is refused with a list that stays short", () => {
    const requests = Array.from({ length: 300 }, (_, index) => known(`request-${index}#1`));
    const refuse = () => refuseVanishedLedger({ requests, ledger: undefined }, contentsOf(), "file:ledger");

    expect(refuse).toThrow(/for 300 of the 300 .*request-4#1 \(no record\) and 295 more; nothing was sent/);
  });
});

import { describe, expect, test } from "@jest/globals";
import { ConfigurationError, LedgerError } from "../../providers/domain/errors.ts";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import { parseOwnState } from "../../providers/pulumi/own-state.ts";
import { refuseLedgerOfRealRuns, refuseVanishedLedger } from "../../providers/pulumi/vanished-ledger.ts";
import { stateFor } from "../support/fakes-pulumi.ts";
import { AT, outcome } from "../support/fakes-records.ts";
import { lifecycleRequest } from "../support/fakes-requests.ts";

const URN = "urn:pulumi:prod::device-lifecycle::";
const lifecycle = (name: string, generation = 1) => ({
  type: "pulumi-nodejs:dynamic/intune:DeviceLifecycle",
  outputs: { ...stateFor(lifecycleRequest(["wipe"], { name, generation }), "succeeded") },
});

describe("the stack's own state", () => {
  test("tells the requests that it holds, and the ledger of the last run", () => {
    expect(
      parseOwnState({
        [`${URN}pulumi:pulumi:Stack::prod`]: { type: "pulumi:pulumi:Stack", outputs: { ledger: "file:ledger, made then", summary: {} } },
        [`${URN}pulumi:providers:pulumi-nodejs::default`]: { type: "pulumi:providers:pulumi-nodejs", outputs: {} },
        [`${URN}a`]: lifecycle("a"),
        [`${URN}b`]: lifecycle("summer/ab12", 3),
      }),
    ).toEqual({ keys: ["a#1", "summer/ab12#3"], ledger: "file:ledger, made then" });
  });

  test.each([
    [undefined],
    [{}],
    [{ [`${URN}s`]: { type: "pulumi:pulumi:Stack", outputs: {} } }],
    [{ [`${URN}s`]: { type: "pulumi:pulumi:Stack", outputs: { ledger: 7 } }, [`${URN}a`]: { type: lifecycle("a").type, outputs: {} } }],
  ])("of a stack that was never run tells nothing: %j", (resources) => {
    expect(parseOwnState(resources)).toEqual({ keys: [], ledger: undefined });
  });
});

describe("a ledger beside a state that knows requests", () => {
  const known = { exists: true, records: [outcome("succeeded", { key: "a#1" })] };

  test("is right when it has records of all of them", () => {
    expect(() => refuseVanishedLedger({ keys: ["a#1"], ledger: "file:ledger, made then" }, known, "file:ledger")).not.toThrow();
    expect(() => refuseVanishedLedger({ keys: [], ledger: undefined }, { exists: false, records: [] }, "file:ledger")).not.toThrow();
  });

  test.each([
    ["is missing", { exists: false, records: [] }, "there is no ledger in file:ledger, so no record of 2 of the 2 requests"],
    [
      "is empty",
      { exists: true, records: [] },
      "the ledger in file:ledger has no record of 2 of the 2 requests that this stack's state holds: a#1, b#2",
    ],
    ["is an older copy", known, "the ledger in file:ledger has no record of 1 of the 2 requests that this stack's state holds: b#2"],
  ])("is refused where it %s", (_, ledger, message) => {
    const refuse = () => refuseVanishedLedger({ keys: ["a#1", "b#2"], ledger: "file:ledger, made then" }, ledger, "file:ledger");

    expect(refuse).toThrow(LedgerError);
    expect(refuse).toThrow(message);
    expect(refuse).toThrow(/the last run used file:ledger, made then; nothing was sent/);
  });

  test("is refused where it is missing and state only knows its name", () => {
    const refuse = () =>
      refuseVanishedLedger({ keys: [], ledger: "file:ledger, made then" }, { exists: false, records: [] }, "file:ledger");

    expect(refuse).toThrow(/there is no ledger in file:ledger, and the last run used file:ledger, made then/);
  });

  test("is refused with a list that stays short", () => {
    const keys = Array.from({ length: 300 }, (_, index) => `request-${index}#1`);
    const refuse = () => refuseVanishedLedger({ keys, ledger: undefined }, { exists: true, records: [] }, "file:ledger");

    expect(refuse).toThrow(/no record of 300 of the 300 .*request-4#1 and 295 more; nothing was sent/);
  });
});

describe("a run against a double", () => {
  test("is refused with the ledger of real runs: its outcomes would pass for real ones", () => {
    const real: LedgerRecord = { kind: "settings", at: AT, settings: { graph: "https://graph.microsoft.com" } };
    const refuse = () => refuseLedgerOfRealRuns({ records: [outcome("succeeded"), real] }, "file:ledger");

    expect(refuse).toThrow(ConfigurationError);
    expect(refuse).toThrow(/the ledger in file:ledger is of runs against https:\/\/graph\.microsoft\.com/);
  });

  test("goes on with a ledger of its own", () => {
    expect(() => refuseLedgerOfRealRuns({ records: [outcome("succeeded")] }, "file:ledger")).not.toThrow();
  });
});

import { describe, expect, test } from "@jest/globals";
import { storeProblems } from "../../providers/pulumi/lasting-stores.ts";
import { parseSettings, type Settings } from "../../providers/pulumi/settings.ts";
import type { Surveyed } from "../../providers/pulumi/surveyed.ts";
import { entryOf } from "../support/fakes-survey.ts";

function entry(steps: readonly string[], isEnded = false): Surveyed {
  return entryOf({ steps }, { isEnded });
}

const WIPE = entry(["escrowBypassCode", "wipe"]);
const SYNC = entry(["syncDevice"]);
const DONE = entry(["escrowBypassCode", "wipe"], true);
const files = parseSettings(() => undefined);
const lasting: Settings = { ...files, escrow: "https://codes.vault.azure.net", ledger: "https://account.blob.core.windows.net/ledger" };
const shard = { index: 2, of: 4 };

/** What a person reads, and what it says to do. */
function problemsOf(entries: readonly Surveyed[], settings: Settings, ci?: string, exists = true): readonly (readonly [string, string])[] {
  return storeProblems(entries, settings, { exists }, ci).map(({ message, hint }) => [message, hint]);
}

describe("in CI, a run that destroys data", () => {
  test.each(["true", "1", "True", "yes"])("refuses folders, where CI is %s", (ci) => {
    expect(problemsOf([WIPE, SYNC, WIPE], files, ci)).toEqual([
      [
        "request leeds-leaver-0042 and 1 other destroy data, and escrow (file:escrow) and ledger (file:ledger) would be gone with this CI runner; nothing was sent",
        expect.stringContaining("set device-lifecycle:escrow to a Key Vault and device-lifecycle:ledger to a place that lasts"),
      ],
    ]);
  });

  test("names the one store that is a folder", () => {
    expect(problemsOf([WIPE], { ...lasting, ledger: "file:ledger" }, "true")).toEqual([
      [expect.stringMatching(/leeds-leaver-0042 destroys data, and ledger \(file:ledger\) would/), expect.anything()],
    ]);
  });

  test.each([
    ["outside CI", [WIPE], files, undefined],
    ["where CI says false", [WIPE], files, "false"],
    ["with stores that last", [WIPE], lasting, "true"],
    ["that destroys nothing", [SYNC], files, "true"],
    ["whose wipes are done", [DONE], files, "true"],
  ] as const)("%s is let through", (_, entries, settings, ci) => {
    expect(problemsOf(entries, settings, ci)).toEqual([]);
  });
});

describe("a ledger in a folder", () => {
  test("is not for shards: each would count for itself", () => {
    expect(problemsOf([], { ...lasting, ledger: "file:ledger", shard })).toEqual([
      [
        "shard is 2/4, and the ledger file:ledger is a folder, which 4 stacks cannot share safely; nothing was sent",
        expect.stringContaining("config set ledger https://ACCOUNT.blob.core.windows.net/CONTAINER"),
      ],
    ]);
  });

  test("is for one stack, and shards are for a ledger elsewhere", () => {
    expect(problemsOf([WIPE], { ...files, shard: { index: 1, of: 1 } })).toEqual([]);
    expect(problemsOf([WIPE], { ...lasting, shard })).toEqual([]);
  });
});

describe("no ledger", () => {
  test("stops what is not done yet, and says how to make one", () => {
    expect(problemsOf([WIPE, DONE, SYNC], files, undefined, false)).toEqual([
      [
        "there is no ledger in file:ledger, and without one nothing is sent: 2 requests are not done",
        expect.stringContaining("npm run ledger -- init"),
      ],
    ]);
    expect(problemsOf([DONE], files, undefined, false)).toEqual([]);
  });
});

test("all that is wrong is told at once", () => {
  expect(problemsOf([WIPE], { ...files, shard }, "true", false)).toHaveLength(3);
});

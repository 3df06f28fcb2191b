import { describe, expect, test } from "@jest/globals";
import type { ResolvedRequest } from "../../providers/pulumi/program/resolved-request.ts";
import { runStores } from "../../providers/pulumi/run-stores.ts";
import { parseSettings, type Settings } from "../../providers/pulumi/settings.ts";
import { storeProblems } from "../../providers/rules/store-rules.ts";
import { entryOf } from "../support/fakes-resolved.ts";

function entry(steps: readonly string[], isEnded = false): ResolvedRequest {
  return entryOf({ steps }, { isEnded });
}

const WIPE = entry(["escrowBypassCode", "wipe"]);
const SYNC = entry(["syncDevice"]);
const DONE = entry(["escrowBypassCode", "wipe"], true);
const files = parseSettings(() => undefined);
const lasting: Settings = { ...files, escrow: "https://codes.vault.azure.net", ledger: "https://account.blob.core.windows.net/ledger" };
const CI = { CI: "true" };
const shard = { index: 2, of: 4 };

/** What a person reads, and what it says to do. */
function problemsOf(
  entries: readonly ResolvedRequest[],
  settings: Settings,
  environment: NodeJS.ProcessEnv = {},
  exists = true,
): readonly (readonly [string, string])[] {
  return storeProblems(entries, runStores(settings), { exists }, environment).map(({ message, hint }) => [message, hint]);
}

describe("in CI, a run that destroys data", () => {
  test.each([{ CI: "true" }, { TF_BUILD: "True" }, { JENKINS_URL: "https://x", BUILD_ID: "7" }])(
    "refuses folders, where %j is set",
    (environment) => {
      expect(problemsOf([WIPE, SYNC, WIPE], files, environment)).toEqual([
        [
          "requests leeds-leaver-0042 (escrowBypassCode, wipe) and leeds-leaver-0042 (escrowBypassCode, wipe) destroy data or put a secret into escrow, and escrow (file:escrow) and ledger (file:ledger) would be gone with this CI runner; nothing was sent",
          expect.stringContaining("set device-lifecycle:escrow to a Key Vault and device-lifecycle:ledger to a place that lasts"),
        ],
      ]);
    },
  );

  test("names the one store that is a folder", () => {
    expect(problemsOf([WIPE], { ...lasting, ledger: "file:ledger" }, CI)).toEqual([
      [
        expect.stringMatching(
          /leeds-leaver-0042 \(escrowBypassCode, wipe\) destroys data or puts a secret into escrow, and ledger \(file:ledger\) would/,
        ),
        expect.anything(),
      ],
    ]);
  });

  test("is not the only one: what escrows would lose its secret with the folder", () => {
    for (const action of ["resetPasscode", "escrowBypassCode", "remoteLock"]) {
      expect(problemsOf([SYNC, entry([action, "syncDevice"])], { ...lasting, escrow: "file:escrow" }, CI)).toEqual([
        [
          expect.stringContaining(
            `request leeds-leaver-0042 (${action}) destroys data or puts a secret into escrow, and escrow (file:escrow) would`,
          ),
          expect.anything(),
        ],
      ]);
    }
  });

  test("names some of many", () => {
    const [[message] = []] = problemsOf(
      Array.from({ length: 7 }, () => WIPE),
      files,
      CI,
    );

    expect(message?.match(/leeds-leaver-0042/g)).toHaveLength(5);
    expect(message).toContain("(escrowBypassCode, wipe) and 2 others destroy data");
  });

  test.each([
    ["outside CI", [WIPE], files, {}],
    ["where CI says false", [WIPE], files, { CI: "false", TF_BUILD: "True" }],
    ["with stores that last", [WIPE], lasting, CI],
    ["that destroys and escrows nothing", [SYNC], files, CI],
    ["whose wipes are done", [DONE], files, CI],
  ] as const)("%s is let through", (_, entries, settings, environment) => {
    expect(problemsOf(entries, settings, environment)).toEqual([]);
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
    expect(problemsOf([WIPE, DONE, SYNC], files, {}, false)).toEqual([
      [
        "there is no ledger in file:ledger, and without one nothing is sent: 2 requests are not done",
        expect.stringContaining("./dlr ledger init"),
      ],
    ]);
    expect(problemsOf([DONE], files, {}, false)).toEqual([]);
  });

  test("and shards on a folder are told with commands for the stack of the run", () => {
    const hints = problemsOf([WIPE], { ...files, shard: { index: 2, of: 4 }, stack: "prod" }, {}, false).map(([, hint]) => hint);

    expect(hints).toEqual([
      "make it once: ./dlr ledger init prod; if there was one, get it back first",
      expect.stringMatching(/^\.\/dlr pulumi config set ledger https:\S+ --stack prod, or take/),
    ]);
  });
});

test("all that is wrong is told at once", () => {
  expect(problemsOf([WIPE], { ...files, shard }, CI, false)).toHaveLength(3);
});

import { describe, expect, test } from "@jest/globals";
import { REMOTE_ACTIONS } from "../../providers/domain/actions/action-table.ts";
import { memoryEscrow } from "./breakable-escrow.ts";
import { expectedOf } from "./fault-case.ts";
import { SEND_CASES } from "./send-cases.ts";
import { Stage } from "./stage.ts";
import { type Subject, subject } from "./subject.ts";

const DESTRUCTIVE = REMOTE_ACTIONS.filter(({ destroysData }) => destroysData).map((one) => subject(one));

const FAULTS = [
  "503",
  "a reset before applying",
  "a hang past the timeout",
  "500 after applying",
  "500 after applying, and the device tells nothing",
];

const ROWS = DESTRUCTIVE.flatMap((who) =>
  SEND_CASES.filter((row) => FAULTS.includes(row.name) && expectedOf(row, who.action)?.up === "ambiguous").map(
    (row): [string, string, Subject, (typeof SEND_CASES)[number]] => [who.name, row.name, who, row],
  ),
);

/** Under the fault, then without it: a person settles the doubt, and two runs follow. */
async function settleAfter(who: Subject, row: (typeof SEND_CASES)[number], decision: "taken" | "not-taken") {
  const escrow = memoryEscrow();
  const stage = await Stage.open(who, () => escrow.open());
  try {
    stage.strike(row.strikes);
    const first = await stage.up();
    stage.emulator.clearFaults();
    const isThere = stage.emulator.device(who.device.id).present;
    const settled = await stage.settle(decision);
    const second = await stage.up();
    const posts = stage.posts;
    const third = await stage.up();
    return {
      isThere,
      settled,
      outcomes: [first.outcome, second.outcome, third.outcome],
      posts: [posts, stage.posts],
      detail: second.report?.steps.at(-1)?.detail,
      broken: await stage.witness.brokenPromises(third.report),
    };
  } finally {
    await stage.close();
  }
}

describe.each(ROWS)("%s after %s, settled", (_who, _fault, who, row) => {
  test("as taken: it is done, and nothing is sent", async () => {
    const seen = await settleAfter(who, row, "taken");

    expect(seen).toMatchObject({ settled: true, outcomes: ["ambiguous", "succeeded", "succeeded"], posts: [1, 1], broken: [] });
    expect(seen.detail).toBe("settled as taken by anna: looked");
  });

  test("as not taken: it is sent once more while the device is there, after its code was read again", async () => {
    const seen = await settleAfter(who, row, "not-taken");

    const then = seen.isThere ? "succeeded" : "failed";
    expect(seen).toMatchObject({ settled: true, outcomes: ["ambiguous", then, then], broken: [] });
    expect(seen.posts).toEqual(seen.isThere ? [2, 2] : [1, 1]);
  });
});

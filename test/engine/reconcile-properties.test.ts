import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { EVENTS, live, past, perform } from "../support/fakes-pasts.ts";
import { brokenPromises, brokenSuccess } from "../support/fakes-promises.ts";

describe("whatever happens", () => {
  test("nothing is sent twice, nothing is destroyed before its code is safe, and success is true", async () => {
    await fc.assert(
      fc.asyncProperty(past, async (lived) => {
        const { world, job, reports } = await live(lived);
        const acknowledge = lived.noBypassCode ? (["noBypassCode"] as const) : [];

        expect(brokenPromises(world, job.plan, acknowledge)).toEqual([]);
        expect(reports.flatMap((report) => brokenSuccess(world, job.plan, report))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test("a request comes to rest: it ends, or says for ever the same and sends nothing more than it must", async () => {
    const quiet = { duringWait: "nothing", fault: null, waitMs: 120_000, followOnly: false } as const;
    await fc.assert(
      fc.asyncProperty(past, async (lived) => {
        const { world, job } = await live(lived);
        EVENTS.theBrakeIsCleared(world);
        EVENTS.escrowIsBack(world);
        EVENTS.ourClockIsRight(world);
        EVENTS.graphTellsItsTime(world);
        for (let days = 0; days < 10; days++) {
          EVENTS.waitsADay(world);
          await perform(world, job, quiet);
        }
        const entries = world.journal.length;

        const before = await perform(world, job, quiet);
        EVENTS.waitsADay(world);
        const after = await perform(world, job, quiet);

        expect(after).toEqual(before);
        expect(world.journal.length).toBe(entries);
      }),
      { numRuns: 300 },
    );
  });
});

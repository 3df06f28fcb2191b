import { describe, expect, test } from "@jest/globals";
import { World } from "../support/fakes.ts";
import { ANDROID, IPAD, MAC } from "../support/fakes-devices.ts";
import { posts } from "../support/fakes-journal.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";

const WHY = "wipe-one#1 is not in the review of yesterday";
const unreviewed = () => WHY;

describe("what a review does not have", () => {
  test.each([
    ["a wipe", ["wipe"], ANDROID],
    ["an escrow", ["escrowBypassCode"], IPAD],
    ["a wipe behind other steps", UNLOCK_AND_WIPE, IPAD],
    ["a wipe behind an escrow that this device needs not", ["escrowBypassCode", "wipe"], ANDROID],
    ["what makes a secret on the device", ["remoteLock"], MAC],
  ] as const)("%s is held before its first step: no code is read, nothing is begun or sent", async (_, steps, device) => {
    const world = new World(device);

    const report = await world.run(jobOf(lifecycleRequest(steps), device), { unreviewed });

    expect(report).toMatchObject({ outcome: "pending", reason: "NotReviewed", message: expect.stringContaining(WHY) });
    expect(world.journal.map((entry) => (entry.kind === "append" ? entry.record.kind : entry.kind))).toEqual(["outcome"]);
  });

  test("destroys and escrows nothing: it is done", async () => {
    const world = new World(ANDROID, null);

    const report = await world.run(jobOf(lifecycleRequest(["syncDevice"]), ANDROID), { unreviewed });

    expect(report.outcome).toBe("succeeded");
    expect(posts(world.journal)).toEqual(["syncDevice"]);
  });

  test("is done once a review has it", async () => {
    const world = new World(ANDROID, null);
    const job = jobOf(lifecycleRequest(["wipe"]), ANDROID);
    await world.run(job, { unreviewed });

    const report = await world.run(job);

    expect(report.outcome).toBe("succeeded");
    expect(posts(world.journal)).toEqual(["wipe"]);
  });

  test("holds the rest of a request that was begun: its wipe is not sent", async () => {
    const world = new World();
    const job = jobOf(lifecycleRequest(UNLOCK_AND_WIPE));
    world.ledger.put();
    await world.run(job, { fault: null, waitMs: 0, unreviewed: () => (posts(world.journal).length > 0 ? WHY : null) });

    expect(posts(world.journal)).toEqual(["bypassActivationLock"]);
    await world.run(job);
    expect(posts(world.journal)).toEqual(["bypassActivationLock", "wipe"]);
  });
});

describe("a run that only follows", () => {
  test("starts nothing, for it starts nothing new", async () => {
    const world = new World(ANDROID, null);

    const report = await world.run(jobOf(lifecycleRequest(["wipe"]), ANDROID), { unreviewed, followOnly: true });

    expect(report).toMatchObject({ outcome: "pending", reason: "FollowOnly" });
    expect(posts(world.journal)).toEqual([]);
  });
});

test("a secret that was made on a device goes to escrow without another review: it would be lost", async () => {
  const world = new World(MAC, null);
  const job = jobOf(lifecycleRequest(["remoteLock"]), MAC);
  await world.run(job, { waitMs: 0 });
  expect(posts(world.journal)).toEqual(["remoteLock"]);

  await world.run(job, { unreviewed });

  expect(world.journal.some((entry) => entry.kind === "append" && entry.record.kind === "escrowed")).toBe(true);
});

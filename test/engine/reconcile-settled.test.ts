import { describe, expect, test } from "@jest/globals";
import type { SettledRecord } from "../../providers/domain/step-record.ts";
import { World } from "../support/fakes.ts";
import { ANDROID, actionResult } from "../support/fakes-devices.ts";
import { posts } from "../support/fakes-journal.ts";
import { settled } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";

const WIPE = jobOf(lifecycleRequest(["wipe"]), ANDROID);
const AGAIN = jobOf(lifecycleRequest(["wipe"], { generation: 2 }), ANDROID);
const PENDING = actionResult("wipe", "pending");

function settle(world: World, decision: SettledRecord["decision"], attempt: number): void {
  world.ledger.put(settled(0, decision, { key: WIPE.plan.key, attempt, who: "anna", why: "device in hand" }));
}

describe("a wipe that Graph took and the device never reports", () => {
  function silentWorld(): World {
    const world = new World(ANDROID, null);
    world.graph.checkInMs = Number.POSITIVE_INFINITY;
    return world;
  }

  test("keeps another generation out until a person says how it ended", async () => {
    const world = silentWorld();
    await world.run(WIPE);

    const second = await world.run(AGAIN);

    expect(second).toMatchObject({ outcome: "failed", reason: "EarlierNotFinished" });
    expect(posts(world.journal)).toEqual(["wipe"]);
  });

  test("settled as never done it ends as failed, and only another generation sends it again", async () => {
    const world = silentWorld();
    await world.run(WIPE);
    settle(world, "not-taken", 1);

    const ended = await world.run(WIPE);
    const rerun = await world.run(WIPE);
    const afterwards = posts(world.journal);
    world.graph.enrol(ANDROID);
    world.graph.checkInMs = 2_000;
    const second = await world.run(AGAIN);

    expect([ended.outcome, rerun.outcome]).toEqual(["failed", "failed"]);
    expect(ended.message).toContain("settled as never done by anna: device in hand");
    expect(afterwards).toEqual(["wipe"]);
    expect(second.outcome).toBe("succeeded");
    expect(posts(world.journal)).toEqual(["wipe", "wipe"]);
  });

  test("settled as done it succeeds, though the report stays pending", async () => {
    const world = silentWorld();
    await world.run(WIPE);
    settle(world, "taken", 1);

    const ended = await world.run(WIPE);

    expect(ended.outcome).toBe("succeeded");
    expect(ended.steps[0]?.detail).toContain("settled as done by anna");
    expect(posts(world.journal)).toEqual(["wipe"]);
  });
});

describe("a wipe that somebody else started and that stays pending", () => {
  function stuckWorld(): World {
    return new World({ ...ANDROID, deviceActionResults: [PENDING] }, null);
  }

  test("settled as come to nothing: this request sends its own, once", async () => {
    const world = stuckWorld();
    const adopted = await world.run(WIPE);
    settle(world, "not-taken", 0);

    const ended = await world.run(WIPE);
    const rerun = await world.run(WIPE);

    expect(adopted.outcome).toBe("pending");
    expect([ended.outcome, rerun.outcome]).toEqual(["succeeded", "succeeded"]);
    expect(posts(world.journal)).toEqual(["wipe"]);
  });

  test("settled as done: nothing is ever sent", async () => {
    const world = stuckWorld();
    await world.run(WIPE);
    settle(world, "taken", 0);

    const ended = await world.run(WIPE);

    expect(ended.outcome).toBe("succeeded");
    expect(posts(world.journal)).toEqual([]);
  });

  test("another one that is under way by then is taken over, whatever was said of the first", async () => {
    const world = stuckWorld();
    await world.run(WIPE);
    settle(world, "not-taken", 0);
    world.graph.enrol({ ...ANDROID, deviceActionResults: [{ ...PENDING, startDateTime: "2026-11-20T11:30:00Z" }] });

    const report = await world.run(WIPE);

    expect(report.outcome).toBe("pending");
    expect(posts(world.journal)).toEqual([]);
  });
});

test("an ambiguous outcome keeps what Graph told of the device", async () => {
  const world = new World({ ...ANDROID, deviceActionResults: [actionResult("syncDevice", "done")] }, null);
  world.graph.answer("wipe", { answer: "unknown", takes: false });

  await world.run(WIPE);

  const last = (await world.ledger.recordsOf(WIPE.plan.key)).at(-1);
  expect(last).toMatchObject({
    outcome: "ambiguous",
    seen: { results: [expect.objectContaining({ actionName: "syncDevice" })], managementState: "managed" },
  });
});

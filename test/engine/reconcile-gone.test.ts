import { describe, expect, test } from "@jest/globals";
import { NotVisibleError } from "../../providers/domain/errors.ts";
import { World } from "../support/fakes.ts";
import { ANDROID } from "../support/fakes-devices.ts";
import { posts } from "../support/fakes-journal.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";

const WIPE = jobOf(lifecycleRequest(["wipe"]), ANDROID);
const HALF_A_MINUTE = 30_000;
const BRIEFLY = { waitMs: 0 };
const MISSED = { outcome: "pending", reason: "NotVisible" };
const slept = (world: World) => world.clock.slept.reduce((sum, each) => sum + each, 0);

/** A world whose wipe was taken, and that shows the device no more. */
async function wiped(ending: "done" | "failed" = "done", checkInMs = 2_000): Promise<World> {
  const world = new World(ANDROID, null);
  world.graph.checkInMs = checkInMs;
  world.graph.endsAs("wipe", ending);
  expect(await world.run(WIPE, BRIEFLY)).toMatchObject({ outcome: "pending", reason: "Accepted" });
  world.graph.remove(ANDROID.id);
  return world;
}

describe("a device that Graph does not know after an accepted wipe", () => {
  test("is gone once that has lasted for half a minute, in one run", async () => {
    const world = await wiped();

    const report = await world.run(WIPE);

    expect(report).toMatchObject({ outcome: "succeeded" });
    expect(report.conditions.map(({ type }) => type)).toContain("RemovedFromManagement");
    expect(slept(world)).toBeGreaterThanOrEqual(HALF_A_MINUTE);
  });

  test("is gone once that has lasted, over two runs that do not wait", async () => {
    const world = await wiped();

    expect(await world.run(WIPE, BRIEFLY)).toMatchObject(MISSED);
    world.clock.advance(HALF_A_MINUTE - 1);
    expect(await world.run(WIPE, BRIEFLY)).toMatchObject(MISSED);
    world.clock.advance(1);
    expect(await world.run(WIPE, BRIEFLY)).toMatchObject({ outcome: "succeeded" });
  });

  test("and that shows itself again in the same run is followed on", async () => {
    const world = await wiped("failed");
    const sleep = world.clock.sleep.bind(world.clock);
    world.ports.clock.sleep = async (milliseconds) => {
      await sleep(milliseconds);
      world.graph.show(ANDROID.id);
    };

    expect(await world.run(WIPE)).toMatchObject({ outcome: "failed", message: "wipe: the device reported it as failed" });
  });

  test("and that was shown since counts as missed from then on only", async () => {
    const world = await wiped("done", 24 * 3_600_000);
    expect(await world.run(WIPE, BRIEFLY)).toMatchObject(MISSED);
    world.clock.advance(HALF_A_MINUTE);
    world.graph.show(ANDROID.id);
    const sleep = world.clock.sleep.bind(world.clock);
    world.ports.clock.sleep = async (milliseconds) => {
      world.graph.remove(ANDROID.id);
      await sleep(milliseconds);
    };

    expect(await world.run(WIPE, { waitMs: 1_000 })).toMatchObject(MISSED);
    expect(await world.run(WIPE, BRIEFLY)).toMatchObject(MISSED);
  });

  test("is looked for anew, and a device that is there costs no such look", async () => {
    const world = new World(ANDROID, null);
    let looks = 0;
    const lookForGone = world.graph.lookForGone.bind(world.graph);
    world.graph.lookForGone = (device, serialNumber) => {
      looks++;
      return lookForGone(device, serialNumber);
    };
    world.graph.isSilent = true;
    world.graph.checkInMs = 24 * 3_600_000;

    await world.run(WIPE);

    expect(looks).toBe(0);
  });
});

test("one closer look is enough for all steps that end with the device", async () => {
  const world = new World();
  let looks = 0;
  const lookForGone = world.graph.lookForGone.bind(world.graph);
  world.graph.lookForGone = (device, serialNumber) => {
    looks++;
    return lookForGone(device, serialNumber);
  };
  world.graph.isSilent = true;

  expect(await world.run(jobOf(lifecycleRequest(UNLOCK_AND_WIPE)))).toMatchObject({ outcome: "succeeded" });
  expect(looks).toBe(1);
});

test("a 404 that is not Graph's own is no first look at a device that left", async () => {
  const world = await wiped();
  const observe = world.graph.observe.bind(world.graph);
  world.graph.observe = async () => {
    throw new NotVisibleError("404, with the page of a proxy", { status: 404 });
  };
  expect(await world.run(WIPE)).toMatchObject(MISSED);
  world.graph.observe = observe;
  world.clock.advance(24 * 3_600_000);

  expect(await world.run(WIPE, BRIEFLY)).toMatchObject({ ...MISSED, message: expect.stringContaining("one look is no proof") });
});

test("a closer look that fails, or finds the device in a list, proves nothing for the next run either", async () => {
  const world = await wiped();
  const lookForGone = world.graph.lookForGone.bind(world.graph);
  world.graph.lookForGone = async () => ({ kind: "listed", detail: "the list of all devices has it" });

  expect(await world.run(WIPE)).toMatchObject({ ...MISSED, message: expect.stringContaining("the list of all devices has it") });
  world.graph.lookForGone = lookForGone;
  world.clock.advance(24 * 3_600_000);
  expect(await world.run(WIPE, BRIEFLY)).toMatchObject(MISSED);
});

test("nothing is sent to a device that Graph does not know, and nothing is concluded at once", async () => {
  const world = new World(ANDROID, null);
  world.graph.remove(ANDROID.id);

  expect(await world.run(WIPE, BRIEFLY)).toMatchObject(MISSED);
  world.graph.show(ANDROID.id);
  expect(await world.run(WIPE)).toMatchObject({ outcome: "succeeded" });
  expect(posts(world.journal)).toEqual(["wipe"]);
});

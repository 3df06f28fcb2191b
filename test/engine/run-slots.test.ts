import { describe, expect, test } from "@jest/globals";
import { reconcile } from "../../providers/engine/reconcile.ts";
import { createRunSlots, type RequestSlot } from "../../providers/engine/run-slots.ts";
import { World } from "../support/fakes.ts";
import { ANDROID } from "../support/fakes-devices.ts";
import { posts } from "../support/fakes-journal.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";

const SIZES = { entering: 2, working: 1 };

/** Lets everything go on that waits for nothing. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Requests that say in which order they do what, until each is let go on. */
function stage(slots = createRunSlots(SIZES)) {
  const said: string[] = [];
  const doors = new Map<string, () => void>();
  const until = (what: string) => {
    said.push(what);
    return new Promise<void>((resolve) => void doors.set(what, resolve));
  };
  const goOn = async (what: string) => {
    doors.get(what)?.();
    await settled();
  };
  const enter = (work: (slot: RequestSlot) => Promise<void>) => slots.enter((slot) => slot.atWork(() => work(slot)));
  return { said, until, goOn, enter };
}

describe("a request", () => {
  test("is not let in before one of those that were has ended, or waits for its device", async () => {
    const { said, until, goOn, enter } = stage();
    for (const name of ["a", "b", "c", "d"])
      void enter(async (slot) => {
        await slot.forDevice(() => until(`${name} waits`));
        said.push(`${name} ends`);
      });
    void enter(() => until("e works"));
    await settled();

    expect(said).toEqual(["a waits", "b waits", "c waits", "d waits", "e works"]);
    await goOn("a waits");
    expect(said).toHaveLength(5);
    await goOn("e works");
    expect(said.at(-1)).toBe("a ends");
  });

  test("that waits for Graph keeps no other from its work, and is still one of those that are in", async () => {
    const { said, until, enter } = stage();
    for (const name of ["a", "b", "c"]) void enter((slot) => slot.forGraph(() => until(`${name} waits`)));
    await settled();

    expect(said).toEqual(["a waits", "b waits"]);
  });

  test("has its slot again before others once Graph has its turn: its place is being kept", async () => {
    const { said, until, goOn, enter } = stage(createRunSlots({ entering: 9, working: 1 }));
    void enter(async (slot) => {
      await slot.forGraph(() => until("a waits"));
      said.push("a goes on");
    });
    void enter(() => until("b works"));
    void enter(() => until("c works"));
    await settled();

    await goOn("a waits");
    await goOn("b works");

    expect(said).toEqual(["a waits", "b works", "a goes on", "c works"]);
  });

  test("gives everything back when it breaks, at work and while it waits", async () => {
    const { said, enter } = stage();
    const broken = new Error("a store broke");
    const ends = [
      enter(() => Promise.reject(broken)),
      enter((slot) => slot.forDevice(() => Promise.reject(broken))),
      enter((slot) => slot.forGraph(() => Promise.reject(broken))),
    ];
    expect((await Promise.allSettled(ends)).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);

    for (const name of ["a", "b", "c"])
      await enter(async () => {
        said.push(name);
      });
    expect(said).toEqual(["a", "b", "c"]);
  });

  test("that waits for a device which another has waits without a slot", async () => {
    const slots = createRunSlots({ entering: 9, working: 1 });
    const world = new World(ANDROID, null);
    world.graph.isSilent = true;
    const settings = { ...world.settings({ waitMs: 30_000 }), slots };
    const [first, second] = ["first", "second"].map((name) => jobOf(lifecycleRequest(["syncDevice", "remoteLock"], { name }), ANDROID));

    const reports = await Promise.all([first, second].map((job) => reconcile(job as NonNullable<typeof job>, world.ports, settings)));

    expect(reports.map(({ outcome }) => outcome)).toEqual(["pending", "pending"]);
  });
});

test("a request that waits for its place under the rate limit keeps no other from being sent", async () => {
  const world = new World(ANDROID, null);
  const other = { ...ANDROID, id: "00000000-0000-4000-8000-0000000000ff", serialNumber: "ANDROID2" };
  world.graph.enrol(other);
  const place = Promise.withResolvers<void>();
  world.graph.takePlace = async () => {
    await place.promise;
    return { giveBack: () => undefined, isPaused: () => false };
  };
  const settings = { ...world.settings({ waitMs: 0 }), slots: createRunSlots({ entering: 9, working: 1 }) };

  const waits = reconcile(jobOf(lifecycleRequest(["resetPasscode"], { name: "waits" }), ANDROID), world.ports, settings);
  const goes = reconcile(jobOf(lifecycleRequest(["syncDevice"], { name: "goes" }), other), world.ports, settings);
  for (let turn = 0; turn < 100; turn += 1) await settled();
  const before = posts(world.journal);
  place.resolve();
  await Promise.all([waits, goes]);

  expect([before, posts(world.journal)]).toEqual([["syncDevice"], ["syncDevice", "resetPasscode"]]);
});

test("what is waited for after another send is looked at quickly again", async () => {
  const world = new World(ANDROID, null);
  world.graph.checkInMs = 40_000;
  const sends: number[] = [];
  const send = world.graph.send.bind(world.graph);
  world.graph.send = async (call) => {
    sends.push(world.clock.slept.length);
    return send(call);
  };

  await world.run(jobOf(lifecycleRequest(["resetPasscode", "waitFor", "remoteLock"]), ANDROID));

  expect(world.clock.slept[(sends[1] ?? 0) - 1]).toBeGreaterThan(1_000);
  expect(world.clock.slept[sends[1] ?? 0]).toBeLessThanOrEqual(250);
});

test("however few slots there are, each of many requests that wait is sent", async () => {
  const world = new World(ANDROID, null);
  world.graph.isSilent = true;
  const settings = { ...world.settings({ waitMs: 60_000 }), slots: createRunSlots({ entering: 1, working: 1 }) };
  const jobs = Array.from({ length: 5 }, (_, index) => jobOf(lifecycleRequest(["syncDevice"], { name: `sync-${index}` }), ANDROID));

  await Promise.all(jobs.map((job) => reconcile(job, world.ports, settings)));

  expect(posts(world.journal)).toHaveLength(5);
});

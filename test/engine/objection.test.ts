import { describe, expect, test } from "@jest/globals";
import { reconcile } from "../../providers/engine/reconcile.ts";
import { World } from "../support/fakes.ts";
import { auditedRecord, foreign } from "../support/fakes-audit.ts";
import { ANDROID } from "../support/fakes-devices.ts";
import { THROTTLED } from "../support/fakes-graph.ts";
import { order, posts } from "../support/fakes-journal.ts";
import { intent } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";

const UNLOCK = jobOf(lifecycleRequest(UNLOCK_AND_WIPE));
const HOUR = 60 * 60 * 1000;

/** A wipe of another device by another request, so many hours before the run. */
function earlierWipe(world: World, name: string, hoursAgo: number) {
  const device = { id: `device-${name}`, serialNumber: `SERIAL-${name}`, enrolledDateTime: null };
  return intent(0, { key: `${name}#1`, device, at: new Date(world.clock.now() - hoursAgo * HOUR).toISOString() });
}

describe("maxDestructive", () => {
  test("holds back everything of a request, the bypass and the escrow too, and says what was counted", async () => {
    const world = new World();
    world.ledger.put(earlierWipe(world, "a", 1), earlierWipe(world, "b", 23));

    const report = await world.run(UNLOCK, { maxDestructive: 2 });

    expect(report).toMatchObject({ outcome: "pending", reason: "MaxDestructive" });
    expect(report.message).toMatch(/^2 requests destroyed data in the last 24 hours, 1 more would, and maxDestructive is 2;/);
    expect(order(world.journal)).toEqual(["outcome"]);
  });

  test("counts a rolling day", async () => {
    const world = new World();
    world.ledger.put(earlierWipe(world, "a", 25), earlierWipe(world, "b", 23));

    const report = await world.run(UNLOCK, { maxDestructive: 2 });

    expect(report.outcome).toBe("succeeded");
  });

  test("lets a request go on that destroyed data before", async () => {
    const world = new World();
    const job = jobOf(lifecycleRequest(["wipe", "delete"]), ANDROID);
    world.graph.enrol(ANDROID, null);

    const report = await world.run(job, { maxDestructive: 1 });

    expect(posts(world.journal)).toEqual(["wipe", "delete"]);
    expect(report.outcome).toBe("succeeded");
  });

  test("counts what was throttled when it is sent at last: nothing is saved up", async () => {
    const world = new World(null);
    const devices = Array.from({ length: 3 }, (_, index) => ({ ...ANDROID, id: `phone-${index}`, serialNumber: `PHONE${index}` }));
    for (const device of devices) world.graph.enrol(device, null);
    const jobs = devices.map((device, index) =>
      jobOf(lifecycleRequest(["wipe"], { name: `phone-${index}`, device: { id: device.id } }), device),
    );
    world.graph.answer("wipe", THROTTLED, THROTTLED, THROTTLED);
    const first = await Promise.all(jobs.map((job) => reconcile(job, world.ports, world.settings({ maxDestructive: 3 }))));
    world.clock.advance(25 * HOUR);

    const second = await Promise.all(jobs.map((job) => reconcile(job, world.ports, world.settings({ maxDestructive: 2 }))));

    expect(first.map(({ reason }) => reason)).toEqual(["NotTaken", "NotTaken", "NotTaken"]);
    expect(second.map(({ reason }) => reason).sort()).toEqual(["Finished", "Finished", "MaxDestructive"]);
  });

  test("of many requests at once lets as many through as it says, and no more", async () => {
    const world = new World(null);
    const devices = Array.from({ length: 6 }, (_, index) => ({ ...ANDROID, id: `phone-${index}`, serialNumber: `PHONE${index}` }));
    for (const device of devices) world.graph.enrol(device, null);
    const jobs = devices.map((device, index) =>
      jobOf(lifecycleRequest(["wipe"], { name: `phone-${index}`, device: { id: device.id } }), device),
    );
    const settings = world.settings({ maxDestructive: 2 });

    const reports = await Promise.all(jobs.map((job) => reconcile(job, world.ports, settings)));

    expect(posts(world.journal)).toEqual(["wipe", "wipe"]);
    expect(reports.map(({ outcome }) => outcome).sort()).toEqual(["pending", "pending", "pending", "pending", "succeeded", "succeeded"]);
  });
});

describe("what others did", () => {
  const looked = (world: World, hoursAgo: number, ...wipes: readonly number[]) => {
    const at = (hours: number) => new Date(world.clock.now() - hours * HOUR).toISOString();
    const actions = wipes.map((hours, index) => foreign({ event: `e${index}`, device: `stranger-${index}`, at: at(hours) }));
    return auditedRecord({ at: at(hoursAgo), until: at(hoursAgo), foreign: actions });
  };

  test("counts towards maxDestructive where that is asked for, and says so", async () => {
    const world = new World();
    world.ledger.put(earlierWipe(world, "a", 1), looked(world, 0.1, 1, 23, 25));

    const held = await world.run(UNLOCK, { maxDestructive: 3, countForeign: true });
    const sent = posts(world.journal);
    const done = await world.run(UNLOCK, { maxDestructive: 3 });

    expect(held).toMatchObject({ outcome: "pending", reason: "MaxDestructive" });
    expect(held.message).toMatch(
      /^1 requests destroyed data in the last 24 hours, so did 2 actions of others \(countForeign\), 1 more would, and maxDestructive is 3;/,
    );
    expect(sent).toEqual([]);
    expect(done.outcome).toBe("succeeded");
  });

  test.each([
    ["never", null, "AuditNotSeen"],
    ["within the hour", 1, "Finished"],
    ["more than an hour ago", 1.1, "AuditNotSeen"],
    ["in what is no past", -1.1, "AuditNotSeen"],
  ])("was looked at %s: %#", async (_, hoursAgo, reason) => {
    for (const guard of [{ foreignLimit: 100 }, { countForeign: true }]) {
      const world = new World();
      if (hoursAgo !== null) world.ledger.put(looked(world, hoursAgo));

      const report = await world.run(UNLOCK, guard);

      expect(report.reason).toBe(reason);
      expect(posts(world.journal).length > 0).toBe(reason === "Finished");
    }
  });

  test("has not to be seen by what destroys nothing, and by nobody who relies on nothing", async () => {
    const [first, second] = [new World(), new World()];

    expect((await first.run(jobOf(lifecycleRequest(["syncDevice"])), { foreignLimit: 0 })).outcome).toBe("succeeded");
    expect((await second.run(UNLOCK)).outcome).toBe("succeeded");
  });
});

describe("maxDisruptive", () => {
  const phones = Array.from({ length: 6 }, (_, index) => ({ ...ANDROID, id: `phone-${index}`, serialNumber: `PHONE${index}` }));
  const lockOf = (step: string) => (device: (typeof phones)[number], index: number) =>
    jobOf(lifecycleRequest([step], { name: `phone-${index}`, device: { id: device.id } }), device);

  test.each([["remoteLock"], ["resetPasscode"]])("of many %s at once lets as many through as it says, and no more", async (step) => {
    const world = new World(null);
    for (const device of phones) world.graph.enrol(device, null);
    const settings = world.settings({ maxDisruptive: 2, waitMs: 0 });

    const reports = await Promise.all(phones.map(lockOf(step)).map((job) => reconcile(job, world.ports, settings)));

    expect(posts(world.journal)).toEqual([step, step]);
    expect(reports.filter(({ reason }) => reason === "MaxDisruptive")).toHaveLength(4);
  });

  test("counts what somebody else started and a request takes over", async () => {
    const world = new World(null);
    for (const device of phones) world.graph.enrol(device, null);
    world.graph.startElsewhere("phone-0", "remoteLock");
    const [first, second] = phones.slice(0, 2).map(lockOf("remoteLock"));
    if (first === undefined || second === undefined) throw new Error("two phones");

    await world.run(first, { maxDisruptive: 1 });
    const next = await world.run(second, { maxDisruptive: 1 });

    expect(next).toMatchObject({ outcome: "pending", reason: "MaxDisruptive" });
    expect(next.message).toMatch(/^1 requests locked people out in the last 24 hours, 1 more would, and maxDisruptive is 1;/);
    expect(posts(world.journal)).toEqual([]);
  });

  test("says nothing of what destroys data or locks nobody out", async () => {
    const world = new World(ANDROID, null);
    const jobs = [["syncDevice"], ["remoteLock", "wipe"]].map((steps, index) =>
      jobOf(lifecycleRequest(steps, { name: `r-${index}` }), ANDROID),
    );

    for (const job of jobs) await world.run(job, { maxDisruptive: 0 });

    expect(posts(world.journal)).toEqual(["syncDevice", "remoteLock", "wipe"]);
  });
});

describe("two members of one list for one device", () => {
  const SERIAL = jobOf(lifecycleRequest(["resetPasscode"], { name: "summer/ANDROID" }), ANDROID);
  const ID = jobOf(lifecycleRequest(["resetPasscode"], { name: "summer/id" }), ANDROID);

  test("at once: one resets the passcode", async () => {
    const world = new World(ANDROID, null);
    const settings = world.settings();

    const reports = await Promise.all([SERIAL, ID].map((job) => reconcile(job, world.ports, settings)));

    expect(posts(world.journal)).toEqual(["resetPasscode"]);
    expect(reports.map(({ reason }) => reason).sort()).toEqual(["Finished", "SentForOtherMember"]);
  });

  test("one after the other, while what the first sent is under way: nothing is taken over", async () => {
    const world = new World(ANDROID, null);
    await world.run(SERIAL, { waitMs: 0 });

    const report = await world.run(ID, { waitMs: 0 });

    expect(report).toMatchObject({ outcome: "failed", reason: "SentForOtherMember" });
    expect(posts(world.journal)).toEqual(["resetPasscode"]);
  });

  test("in the next generation both may", async () => {
    const world = new World(ANDROID, null);
    await world.run(SERIAL);

    const report = await world.run(jobOf(lifecycleRequest(["resetPasscode"], { name: "summer/id", generation: 2 }), ANDROID));

    expect(report.outcome).toBe("succeeded");
    expect(posts(world.journal)).toEqual(["resetPasscode", "resetPasscode"]);
  });
});

test("two requests for one device under two ids, at once: one wipes", async () => {
  const world = new World(null);
  const twice = [
    { ...ANDROID, id: "old-record" },
    { ...ANDROID, id: "new-record" },
  ];
  for (const device of twice) world.graph.enrol(device, null);
  const jobs = twice.map((device) => jobOf(lifecycleRequest(["wipe"], { name: device.id, device: { id: device.id } }), device));
  const settings = world.settings();

  const reports = await Promise.all(jobs.map((job) => reconcile(job, world.ports, settings)));

  expect(posts(world.journal)).toEqual(["wipe"]);
  expect(reports.map(({ reason }) => reason).sort()).toEqual(["AlreadyDestroyed", "Finished"]);
});

test("a day's quota of the tenant holds back the next one", async () => {
  const world = new World();
  world.ledger.put(...Array.from({ length: 500 }, (_, index) => earlierWipe(world, `w${index}`, 2)));

  const report = await world.run(UNLOCK);

  expect(report).toMatchObject({ outcome: "pending", reason: "DailyQuota" });
  expect(report.message).toMatch(/it was sent 500 times .* Intune takes 500 a day/);
  expect(posts(world.journal)).toEqual([]);
});

describe("a run that may not destroy", () => {
  test("does nothing of a request that destroys data, and the next one does all of it", async () => {
    const world = new World();

    const held = await world.run(UNLOCK, { held: "maxDestructive changed from 5 to 50" });
    const next = await world.run(UNLOCK);

    expect(held).toMatchObject({ outcome: "pending", reason: "Held", message: "maxDestructive changed from 5 to 50; nothing was sent" });
    expect(next.outcome).toBe("succeeded");
    expect(posts(world.journal)).toEqual(["bypassActivationLock", "wipe"]);
  });

  test.each([["escrowBypassCode"], ["resetPasscode"]])("hands no secret of %s to readers who may have changed", async (step) => {
    const world = new World();

    const report = await world.run(jobOf(lifecycleRequest([step])), { held: "the recipients changed" });

    expect(report).toMatchObject({ outcome: "pending", reason: "Held" });
    expect(order(world.journal)).toEqual(["outcome"]);
  });

  test("leaves a passcode that an earlier run made to the next run", async () => {
    const world = new World(ANDROID, null);
    const job = jobOf(lifecycleRequest(["resetPasscode"]), ANDROID);
    await world.run(job, { waitMs: 0 });
    world.clock.advance(HOUR);

    const held = await world.run(job, { held: "the recipients changed" });
    const escrowed = world.journal.filter((entry) => entry.kind === "escrow").length;
    const next = await world.run(job);

    expect([held.reason, escrowed, next.outcome]).toEqual(["Held", 0, "succeeded"]);
    expect(next.steps[0]?.detail).toContain("passcode escrowed as");
  });

  test("does what neither destroys nor escrows", async () => {
    const world = new World();

    const report = await world.run(jobOf(lifecycleRequest(["syncDevice"])), { held: "the recipients changed" });

    expect(report.outcome).toBe("succeeded");
  });
});

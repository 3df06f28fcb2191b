import { describe, expect, test } from "@jest/globals";
import { reconcile } from "../../providers/engine/reconcile.ts";
import { World } from "../support/fakes.ts";
import { ANDROID, IPAD } from "../support/fakes-devices.ts";
import { THROTTLED } from "../support/fakes-graph.ts";
import { appended, order, posts } from "../support/fakes-journal.ts";
import { intent, outcome } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";

const UNLOCK = jobOf(lifecycleRequest(UNLOCK_AND_WIPE));
const WIPE_ANDROID = lifecycleRequest(["wipe"]);

/** Something else happens while the call of an action is under way. */
function during(world: World, action: string, happen: () => void): void {
  const send = world.graph.send.bind(world.graph);
  world.graph.send = async (call) => {
    const result = await send(call);
    if (call.action.name === action) happen();
    return result;
  };
}

describe("the brake", () => {
  test("keeps everything from being begun", async () => {
    const world = new World();
    world.ledger.setBrake("wrong devices");

    const report = await world.run(UNLOCK);

    expect(report).toMatchObject({ outcome: "pending", reason: "Brake", message: expect.stringContaining("wrong devices") });
    expect(order(world.journal)).toEqual(["outcome"]);
  });

  test("set during a send stops the next one; after resume the run goes on", async () => {
    const world = new World();
    during(world, "bypassActivationLock", () => world.ledger.setBrake("wrong devices"));

    const stopped = await world.run(UNLOCK);
    world.ledger.setBrake(null);
    const resumed = await world.run(UNLOCK);

    expect(stopped).toMatchObject({ outcome: "pending", reason: "Brake" });
    expect(resumed.outcome).toBe("succeeded");
    expect(posts(world.journal)).toEqual(["bypassActivationLock", "wipe"]);
  });

  test("set between the read of the code and the wipe stops the wipe", async () => {
    const world = new World(IPAD);
    const job = jobOf(lifecycleRequest(["escrowBypassCode", "wipe"]));
    const put = world.escrow.put.bind(world.escrow);
    world.escrow.put = async (entry, secret) => {
      world.ledger.setBrake("stop");
      return put(entry, secret);
    };

    await world.run(job);

    expect(posts(world.journal)).toEqual([]);
  });

  test("does not keep what was sent from being followed", async () => {
    const world = new World(ANDROID, null);
    const job = jobOf(WIPE_ANDROID, ANDROID);
    during(world, "wipe", () => world.ledger.setBrake("stop"));

    expect(await world.run(job)).toMatchObject({ outcome: "succeeded" });
  });
});

describe("a permission that is missing", () => {
  test("for the last step stops the request before its first", async () => {
    const world = new World();
    world.graph.lackPermission("wipe", "./dlr login");

    const report = await world.run(UNLOCK);

    expect(report).toMatchObject({ outcome: "awaitingSignIn", message: expect.stringContaining("./dlr login") });
    expect(report.message).toContain("DeviceManagementManagedDevices.PrivilegedOperations.All");
    expect(order(world.journal)).toEqual(["outcome"]);
  });

  test("stops it also where the first step is passed over", async () => {
    const world = new World(ANDROID, null);
    world.graph.lackPermission("wipe", "./dlr login");

    const report = await world.run(jobOf(lifecycleRequest(["escrowBypassCode", "wipe"]), ANDROID));

    expect(report.outcome).toBe("awaitingSignIn");
    expect(appended(world.journal)).toEqual(["outcome"]);
  });

  test("stops it also where the first step is under way from elsewhere", async () => {
    const world = new World(ANDROID, null);
    world.graph.startElsewhere(ANDROID.id, "resetPasscode");
    world.graph.lackPermission("wipe", "./dlr login");

    const report = await world.run(jobOf(lifecycleRequest(["resetPasscode", "wipe"]), ANDROID));

    expect(report.outcome).toBe("awaitingSignIn");
    expect(appended(world.journal)).toEqual(["outcome"]);
  });

  test("that comes back lets the request go on", async () => {
    const world = new World();
    world.graph.lackPermission("bypassActivationLock", "./dlr login");
    await world.run(UNLOCK);
    world.graph.lackPermission("bypassActivationLock", null);

    expect(await world.run(UNLOCK)).toMatchObject({ outcome: "succeeded" });
  });

  test("that is lost half-way waits there, with what was done kept", async () => {
    const world = new World();
    during(world, "bypassActivationLock", () => world.graph.lackPermission("wipe", "./dlr login"));

    const report = await world.run(UNLOCK);

    expect(report).toMatchObject({ outcome: "awaitingSignIn", bypassCode: { reference: "memory:1" } });
    expect(posts(world.journal)).toEqual(["bypassActivationLock"]);
  });
});

describe("a device that another request already destroyed", () => {
  const earlier = (changes: object) => intent(0, { key: "older#1", ...changes });

  test.each([
    ["under the same id", earlier({ device: { id: IPAD.id.toUpperCase(), serialNumber: null, enrolledDateTime: null } })],
    [
      "under another id with the same serial number",
      earlier({ device: { id: "old", serialNumber: "dmpxk2 abcdef", enrolledDateTime: null } }),
    ],
    [
      "in an earlier enrolment",
      earlier({ device: { id: IPAD.id, serialNumber: IPAD.serialNumber, enrolledDateTime: "2024-01-01T00:00:00Z" } }),
    ],
  ])("%s is not touched", async (_, record) => {
    const world = new World();
    world.ledger.put(record);

    const report = await world.run(UNLOCK);

    expect(report).toMatchObject({ outcome: "failed", reason: "AlreadyDestroyed", message: expect.stringContaining("repeats: older") });
    expect(order(world.journal)).toEqual(["outcome"]);
  });

  test("is touched again where the request says that it repeats it", async () => {
    const world = new World();
    world.ledger.put(earlier({}), outcome("succeeded", { key: "older#1" }));

    const report = await world.run(jobOf(lifecycleRequest(UNLOCK_AND_WIPE, { repeats: "older" })));

    expect(report.outcome).toBe("succeeded");
  });

  test.each([
    ["the request that is repeated", "older#1", { repeats: "older" }],
    ["an earlier generation", "leeds-leaver-0042#1", { generation: 2 }],
  ])("is not touched while %s is in doubt", async (_, key, changes) => {
    const world = new World();
    world.ledger.put(intent(2, { key }), outcome("ambiguous", { key }));

    const report = await world.run(jobOf(lifecycleRequest(UNLOCK_AND_WIPE, changes)));

    expect(report).toMatchObject({ outcome: "failed", reason: "EarlierNotFinished" });
    expect(posts(world.journal)).toEqual([]);
  });

  test("by a generation of the same request is touched again", async () => {
    const world = new World();
    world.ledger.put(intent(2, { key: "leeds-leaver-0042#1" }), outcome("succeeded", { key: "leeds-leaver-0042#1" }));

    const report = await world.run(jobOf(lifecycleRequest(UNLOCK_AND_WIPE, { generation: 2 })));

    expect(report.outcome).toBe("succeeded");
  });

  test("is not to be had by way of the wipe that is still under way", async () => {
    const world = new World(ANDROID, null);
    world.graph.checkInMs = 600_000;
    await world.run(jobOf(WIPE_ANDROID, ANDROID), { waitMs: 0 });

    const report = await world.run(jobOf({ ...WIPE_ANDROID, name: "renamed" }, ANDROID));

    expect(report).toMatchObject({ outcome: "failed", reason: "AlreadyDestroyed" });
    expect(posts(world.journal)).toEqual(["wipe"]);
  });

  test("may still be synchronized", async () => {
    const world = new World();
    world.ledger.put(earlier({}));

    expect(await world.run(jobOf(lifecycleRequest(["syncDevice"])))).toMatchObject({ outcome: "succeeded" });
  });

  test("by a call that never got further than its intent is not touched either", async () => {
    const world = new World(ANDROID, null);
    await expect(
      world.run(jobOf({ ...WIPE_ANDROID, name: "first" }, ANDROID), { fault: { method: "send", call: 0, when: "before" } }),
    ).rejects.toThrow("before send");

    const report = await world.run(jobOf({ ...WIPE_ANDROID, name: "second" }, ANDROID));

    expect(report).toMatchObject({ outcome: "failed", reason: "AlreadyDestroyed" });
    expect(posts(world.journal)).toEqual([]);
  });

  test("is destroyed once by two requests in one run", async () => {
    const world = new World(ANDROID, null);
    const jobs = ["first", "second"].map((name) => jobOf({ ...WIPE_ANDROID, name }, ANDROID));

    const reports = await Promise.all(jobs.map((job) => reconcile(job, world.ports, world.settings())));

    expect(reports.map(({ outcome }) => outcome).sort()).toEqual(["failed", "succeeded"]);
    expect(posts(world.journal)).toEqual(["wipe"]);
    expect(world.graph.erased(ANDROID.id)).toBe(1);
  });
});

describe("a request that expired", () => {
  const EXPIRED = lifecycleRequest(UNLOCK_AND_WIPE, { expires: "2026-11-19" });

  test("does nothing, and says nothing else from then on", async () => {
    const world = new World();

    const first = await world.run(jobOf(EXPIRED));
    const reads = world.graph.reads;
    const second = await world.run(jobOf(EXPIRED));

    expect(first).toMatchObject({ outcome: "expired" });
    expect(second).toEqual(first);
    expect(world.graph.reads).toBe(reads);
    expect(order(world.journal)).toEqual(["outcome"]);
  });

  test("half-way goes on when the date is edited", async () => {
    const world = new World();
    const today = lifecycleRequest(UNLOCK_AND_WIPE, { expires: "2026-11-20" });
    world.graph.answer("bypassActivationLock", THROTTLED);
    await world.run(jobOf(today));
    world.clock.advance(24 * 3_600_000);

    const late = await world.run(jobOf(today));
    const edited = await world.run(jobOf({ ...today, expires: "2026-12-31" }));

    expect(late).toMatchObject({ outcome: "expired", bypassCode: { reference: "memory:1" } });
    expect(edited.outcome).toBe("succeeded");
    expect(posts(world.journal)).toEqual(["bypassActivationLock", "bypassActivationLock", "wipe"]);
  });

  test("after its last send is followed to its end", async () => {
    const world = new World(ANDROID, null);
    const today = jobOf({ ...WIPE_ANDROID, expires: "2026-11-20" }, ANDROID);
    world.graph.checkInMs = 24 * 3_600_000;
    await world.run(today, { waitMs: 0 });
    world.clock.advance(24 * 3_600_000);

    expect(await world.run(today)).toMatchObject({ outcome: "succeeded" });
  });
});

describe("followOnly", () => {
  test("begins nothing", async () => {
    const world = new World();

    const report = await world.run(UNLOCK, { followOnly: true });

    expect(report).toMatchObject({ outcome: "pending", reason: "FollowOnly" });
    expect(order(world.journal)).toEqual(["outcome"]);
  });

  test("sends nothing again that Graph did not take", async () => {
    const world = new World();
    const job = jobOf(lifecycleRequest(["remoteLock", "syncDevice"]));
    world.graph.answer("remoteLock", THROTTLED);
    await world.run(job);

    const report = await world.run(job, { followOnly: true });

    expect(report).toMatchObject({ outcome: "pending", reason: "FollowOnly" });
    expect(posts(world.journal)).toEqual(["remoteLock"]);
  });
});

import { describe, expect, test } from "@jest/globals";
import { withoutSecret } from "../../providers/engine/decide/match-result.ts";
import { reconcile } from "../../providers/engine/reconcile.ts";
import { World } from "../support/fakes.ts";
import { ANDROID, MAC } from "../support/fakes-devices.ts";
import { APPROVAL_REQUIRED, LOST_AFTER, REFUSED } from "../support/fakes-graph.ts";
import { order, posts } from "../support/fakes-journal.ts";
import { settled } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest, type StepText } from "../support/fakes-requests.ts";
import { leaksIn } from "../support/secrets.ts";

const DAY = 24 * 3_600_000;
const PIN = "271828";

const ofMac = (name: string, ...steps: readonly StepText[]) => jobOf(lifecycleRequest(steps, { name, device: { id: MAC.id } }), MAC);
const LOCK = ofMac("lock", "remoteLock");
const SYNC = ofMac("sync", "syncDevice");

/** A Mac that does not report for an hour. */
function slowMac(): World {
  const world = new World(MAC);
  world.graph.checkInMs = 3_600_000;
  return world;
}

/** The Mac was locked by a run that saw no report. */
async function locked(): Promise<World> {
  const world = slowMac();
  expect(await world.run(LOCK)).toMatchObject({ outcome: "pending", reason: "Accepted" });
  return world;
}

const pins = (world: World) =>
  world.journal.flatMap((entry) => (entry.kind === "escrow" && entry.secret === "unlockPin" ? [entry.value] : []));

describe("the PIN of a locked Mac holds the next step of its request", () => {
  const job = ofMac("lock-and-sync", "remoteLock", "syncDevice");

  test("until it is in escrow", async () => {
    const world = new World(MAC);

    const report = await world.run(job);

    const events = order(world.journal);
    expect(report.outcome).toBe("succeeded");
    expect(pins(world)).toEqual([PIN]);
    expect(events.indexOf("escrow")).toBeLessThan(events.indexOf("POST syncDevice"));
    expect(leaksIn(JSON.stringify(await world.ledger.read()), [PIN])).toEqual([]);
  });

  test("over runs, and says what it waits for and how to settle it", async () => {
    const world = slowMac();

    const first = await world.run(job);
    world.clock.advance(3_600_000);
    const second = await world.run(job);

    expect(first).toMatchObject({ outcome: "pending", reason: "SecretOnItsWay" });
    expect(first.message).toContain("./dlr settle lock-and-sync --taken (or --not-taken) --why TEXT");
    expect(second.outcome).toBe("succeeded");
    expect(pins(world)).toEqual([PIN]);
  });

  test("until the lock has failed, which ends the request", async () => {
    const world = new World(MAC);
    world.graph.endsAs("remoteLock", "failed");

    expect(await world.run(job)).toMatchObject({ outcome: "failed", reason: "Reported" });
    expect(posts(world.journal)).toEqual(["remoteLock"]);
  });

  test("until a person has settled it", async () => {
    const world = slowMac();
    await world.run(job);
    world.ledger.put(settled(0, "taken", { key: job.plan.key }));

    expect(await world.run(job)).toMatchObject({ outcome: "succeeded" });
    expect(posts(world.journal)).toEqual(["remoteLock", "syncDevice"]);
  });

  test("but no read: the bypass code is escrowed meanwhile", async () => {
    const world = slowMac();

    const report = await world.run(ofMac("lock-and-wipe", "remoteLock", "escrowBypassCode", "wipe"));

    expect(report).toMatchObject({ reason: "SecretOnItsWay", steps: [{ status: "sent" }, { status: "done" }, { status: "waiting" }] });
    expect(posts(world.journal)).toEqual(["remoteLock"]);
  });

  test("when somebody else locked it too", async () => {
    const world = slowMac();
    world.graph.startElsewhere(MAC.id, "remoteLock");

    const first = await world.run(job);
    world.clock.advance(3_600_000);
    const second = await world.run(job);

    expect([first.reason, second.outcome]).toEqual(["SecretOnItsWay", "succeeded"]);
    expect(pins(world)).toEqual([PIN]);
    expect(posts(world.journal)).toEqual(["syncDevice"]);
  });
});

describe("the PIN of a Mac that another request locked", () => {
  test("holds what destroys and what does not, and names the whole command", async () => {
    const world = await locked();

    const reports = [await world.run(SYNC), await world.run(ofMac("wipe", "escrowBypassCode", "wipe"))];

    for (const report of reports) expect(report).toMatchObject({ outcome: "pending", reason: "SecretOnItsWay" });
    expect(reports[0]?.message).toMatch(/remoteLock of request lock, generation 1 .* PIN .* not in escrow/);
    expect(reports[0]?.message).toContain("./dlr settle lock --generation 1 --taken (or --not-taken) --why TEXT");
    expect(posts(world.journal)).toEqual(["remoteLock"]);
  });

  test("holds no read: the bypass code is escrowed meanwhile", async () => {
    const world = await locked();

    expect(await world.run(ofMac("escrow", "escrowBypassCode"))).toMatchObject({ outcome: "succeeded" });
  });

  test("is escrowed by its own request, and then the others go on", async () => {
    const world = await locked();
    await world.run(SYNC);
    world.clock.advance(3_600_000);

    expect(await world.run(SYNC)).toMatchObject({ reason: "SecretOnItsWay" });
    expect(await world.run(LOCK)).toMatchObject({ outcome: "succeeded" });
    expect(await world.run(SYNC)).toMatchObject({ outcome: "succeeded" });
    expect(pins(world)).toEqual([PIN]);
  });

  test("does not hold the other request of the same run for good: it goes after", async () => {
    const world = new World(MAC);

    const reports = await Promise.all([LOCK, SYNC].map((job) => reconcile(job, world.ports, world.settings())));

    expect(reports.map(({ outcome }) => outcome)).toEqual(["succeeded", "succeeded"]);
    expect(pins(world)).toEqual([PIN]);
    expect(posts(world.journal)).toEqual(["remoteLock", "syncDevice"]);
  });

  test("holds the next generation too", async () => {
    const world = await locked();
    const next = lifecycleRequest(["rebootNow"], { name: "lock", generation: 2, device: { id: MAC.id } });

    expect(await world.run(jobOf(next, MAC))).toMatchObject({ reason: "SecretOnItsWay" });
  });

  test("holds while nobody knows whether Graph took the lock, until that is settled", async () => {
    const world = new World(MAC);
    world.graph.isSilent = true;
    world.graph.answer("remoteLock", LOST_AFTER);

    const first = await world.run(LOCK);
    const held = await world.run(SYNC);
    world.ledger.put(settled(0, "not-taken", { key: LOCK.plan.key }));
    const after = await world.run(SYNC);

    expect([first.outcome, held.reason, after.outcome]).toEqual(["ambiguous", "SecretOnItsWay", "succeeded"]);
  });

  test("lets go once a doubt was settled as taken, though its request never runs again", async () => {
    const world = new World(MAC);
    world.graph.isSilent = true;
    world.graph.answer("remoteLock", LOST_AFTER);
    await world.run(LOCK);
    world.ledger.put(settled(0, "taken", { key: LOCK.plan.key }));

    expect(await world.run(SYNC)).toMatchObject({ outcome: "succeeded" });
  });

  test.each(["taken", "not-taken"] as const)(
    "lets go once a person has settled it as %s, though its request never runs again",
    async (decision) => {
      const world = await locked();
      world.ledger.put(settled(0, decision, { key: LOCK.plan.key }));

      expect(await world.run(SYNC)).toMatchObject({ outcome: "succeeded" });
    },
  );

  test("lets go once the lock has failed, was refused, or waits for an approval", async () => {
    const failing = new World(MAC);
    failing.graph.endsAs("remoteLock", "failed");
    const refusing = new World(MAC);
    refusing.graph.answer("remoteLock", REFUSED);
    const asking = new World(MAC);
    asking.graph.answer("remoteLock", APPROVAL_REQUIRED);

    for (const world of [failing, refusing, asking]) {
      await world.run(LOCK);
      expect(await world.run(SYNC)).toMatchObject({ outcome: "succeeded" });
    }
  });

  test("lets go after the thirty days for which Intune shows it", async () => {
    const world = await locked();
    world.clock.advance(30 * DAY - 3_600_000);
    expect(await world.run(SYNC)).toMatchObject({ reason: "SecretOnItsWay" });
    world.clock.advance(3_600_000);

    expect(await world.run(SYNC)).toMatchObject({ outcome: "succeeded" });
  });

  test("lets go once its request ended without it", async () => {
    const world = await locked();
    world.graph.enrolAnew(MAC.id, "2026-11-21T08:00:00Z", null);
    expect(await world.run(LOCK)).toMatchObject({ outcome: "failed", reason: "EnrolledAnew" });
    const anew = { ...MAC, enrolledDateTime: "2026-11-21T08:00:00Z" };

    const report = await world.run(jobOf(lifecycleRequest(["syncDevice"], { name: "sync", device: { id: MAC.id } }), anew));

    expect(report.outcome).toBe("succeeded");
  });

  test("is looked at in one go with the intent: a wipe under another id of the same Mac does not slip in between", async () => {
    const world = slowMac();
    const twin = { ...MAC, id: "00000000-0000-4000-8000-0000000000dd" };
    world.graph.enrol(twin, "4K7Q1-P9D0M-3TXYZ-8HWEV");
    const wipe = jobOf(lifecycleRequest(["escrowBypassCode", "wipe"], { name: "wipe", device: { id: twin.id } }), twin);
    const put = world.escrow.put.bind(world.escrow);
    world.ports = {
      ...world.ports,
      escrow: {
        readBack: null,
        // The last thing before the intent, when every rule was asked.
        put: async (entry, secret) => {
          if (entry.kind === "macOsUnlockCode") await reconcile(LOCK, world.ports, world.settings());
          return put(entry, secret);
        },
      },
    };

    const report = await world.run(wipe);

    expect(report).toMatchObject({ outcome: "pending", reason: "SecretOnItsWay" });
    expect(posts(world.journal)).toEqual(["remoteLock"]);
  });
});

describe("the new passcode of an Android", () => {
  const reset = jobOf(lifecycleRequest(["resetPasscode"], { name: "reset", device: { id: ANDROID.id } }), ANDROID);
  const lock = jobOf(lifecycleRequest(["remoteLock"], { name: "lock", device: { id: ANDROID.id } }), ANDROID);

  test("that Graph never shows holds for its seven days, and no longer", async () => {
    const world = new World(ANDROID, null);
    world.graph.endsAs("resetPasscode", "done");
    const observe = world.graph.observe.bind(world.graph);
    world.graph.observe = async (device) => {
      const seen = await observe(device);
      return seen === null ? null : { ...seen, deviceActionResults: seen.deviceActionResults.map(withoutSecret) };
    };

    await world.run(reset);
    const held = await world.run(lock);
    world.clock.advance(7 * DAY);
    const ended = await world.run(reset);
    const after = await world.run(lock);

    expect([held.reason, ended.outcome, after.outcome]).toEqual(["SecretOnItsWay", "succeeded", "succeeded"]);
    expect(ended.conditions.map(({ type }) => type)).toContain("SecretNotReported");
  });

  test("is made by no lock: a lock holds nothing there", async () => {
    const world = new World(ANDROID, null);
    world.graph.checkInMs = 3_600_000;

    await world.run(lock);

    expect(await world.run(reset)).toMatchObject({ outcome: "pending", reason: "Accepted" });
  });
});

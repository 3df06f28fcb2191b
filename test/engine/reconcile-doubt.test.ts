import { describe, expect, test } from "@jest/globals";
import { CODE, World } from "../support/fakes.ts";
import { ANDROID, IPAD } from "../support/fakes-devices.ts";
import { APPROVAL_REQUIRED, LOST_AFTER, LOST_BEFORE, REFUSED, THROTTLED } from "../support/fakes-graph.ts";
import { order, posts } from "../support/fakes-journal.ts";
import { begun, intent, settled } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";

const UNLOCK = jobOf(lifecycleRequest(UNLOCK_AND_WIPE));
const WIPE = jobOf(lifecycleRequest(["wipe"]), ANDROID);
const ANOTHER_ENROLMENT = "2026-11-20T13:00:00Z";
const wipes = (world: World) => posts(world.journal).filter((action) => action === "wipe").length;

/** The next calls are cut off after 25 s, without an answer. */
function cutOff(world: World, answer = LOST_BEFORE): void {
  const send = world.graph.send.bind(world.graph);
  world.graph.answer("wipe", answer);
  world.graph.send = async (call) => {
    const result = await send(call);
    world.clock.advance(25_000);
    return result;
  };
}

describe("an answer that is lost", () => {
  test("after Graph took the call: the device's report ends the doubt, nothing is sent twice", async () => {
    const world = new World();
    world.graph.answer("wipe", LOST_AFTER);

    const report = await world.run(UNLOCK);

    expect(report.outcome).toBe("succeeded");
    expect(wipes(world)).toBe(1);
    expect(report.steps[2]).toMatchObject({ status: "done" });
  });

  test("before Graph took the call: after the grace period a person has to settle it", async () => {
    const world = new World(ANDROID, null);
    world.graph.answer("wipe", LOST_BEFORE);

    const report = await world.run(WIPE);

    expect(report).toMatchObject({ outcome: "ambiguous", message: expect.stringContaining("./dlr settle leeds-leaver-0042") });
    expect(world.clock.slept.reduce((sum, slept) => sum + slept, 0)).toBe(30_000);
    expect(report.steps[0]?.status).toBe("ambiguous");
  });

  test("before Graph took the call, which was cut off after 25 s: the grace period is all there, with several looks", async () => {
    const world = new World(ANDROID, null);
    cutOff(world);

    const report = await world.run(WIPE);

    expect(report.outcome).toBe("ambiguous");
    expect(world.clock.slept.reduce((sum, slept) => sum + slept, 0)).toBe(30_000);
    expect(world.clock.slept.length).toBeGreaterThanOrEqual(3);
  });

  test("after Graph took the call, which was cut off: a report that comes 20 s later ends the doubt", async () => {
    const world = new World(ANDROID, null);
    cutOff(world, LOST_AFTER);
    world.graph.isSilent = true;
    world.graph.checkInMs = 75_000;
    const sleep = world.clock.sleep.bind(world.clock);
    const started = world.clock.now();
    world.ports.clock.sleep = async (milliseconds) => {
      await sleep(milliseconds);
      world.graph.isSilent = world.clock.now() < started + 45_000;
    };

    expect(await world.run(WIPE)).toMatchObject({ outcome: "succeeded" });
    expect(wipes(world)).toBe(1);
  });

  test("long before this run: it looks twice, some seconds apart, before it says that nobody can tell", async () => {
    const world = new World(ANDROID, null);
    world.graph.answer("wipe", LOST_BEFORE);
    expect(await world.run(WIPE, { waitMs: 0 })).toMatchObject({ outcome: "pending", reason: "NoAnswer" });
    world.clock.advance(24 * 3_600_000);
    const reads = world.graph.reads;

    expect(await world.run(WIPE)).toMatchObject({ outcome: "ambiguous" });
    expect(world.graph.reads - reads).toBe(2);
    expect(world.clock.slept).toEqual([5_000]);
  });

  test("and a run that died with it long ago: three looks, some seconds apart", async () => {
    const world = new World(ANDROID, null);
    world.ledger.put(begun(WIPE.plan), intent(0));
    world.clock.advance(24 * 3_600_000);

    expect(await world.run(WIPE)).toMatchObject({ outcome: "ambiguous" });
    expect(world.graph.reads).toBe(3);
    expect(world.clock.slept).toEqual([5_000, 5_000]);
  });

  test("stays ambiguous in every further run, and nothing is sent", async () => {
    const world = new World(ANDROID, null);
    world.graph.answer("wipe", LOST_BEFORE);
    for (let run = 0; run < 4; run++) {
      expect(await world.run(WIPE)).toMatchObject({ outcome: "ambiguous" });
      world.clock.advance(24 * 3_600_000);
    }

    expect(wipes(world)).toBe(1);
  });

  test("and a device that is gone: ambiguous, for nobody knows why it left", async () => {
    const world = new World();
    world.graph.answer("wipe", LOST_AFTER);
    world.graph.isSilent = true;
    world.graph.checkInMs = 45_000;
    const first = await world.run(UNLOCK);
    world.graph.remove(IPAD.id);

    const second = await world.run(UNLOCK);

    expect([first.outcome, second.outcome]).toEqual(["ambiguous", "ambiguous"]);
    expect(wipes(world)).toBe(1);
  });

  test("and a report that comes days later: the next run sees it", async () => {
    const world = new World(ANDROID, null);
    world.graph.answer("wipe", LOST_AFTER);
    world.graph.isSilent = true;
    expect(await world.run(WIPE, { waitMs: 0 })).toMatchObject({ outcome: "pending", reason: "NoAnswer" });
    world.graph.isSilent = false;

    expect(await world.run(WIPE)).toMatchObject({ outcome: "succeeded" });
    expect(wipes(world)).toBe(1);
  });

  test("of an action that is safe to repeat: the next run sends it again", async () => {
    const world = new World();
    const job = jobOf(lifecycleRequest(["syncDevice"]));
    world.graph.answer("syncDevice", LOST_BEFORE);

    const outcomes = [await world.run(job), await world.run(job)].map(({ outcome }) => outcome);

    expect(outcomes).toEqual(["pending", "succeeded"]);
    expect(posts(world.journal)).toEqual(["syncDevice", "syncDevice"]);
  });
});

describe("a person settles it", () => {
  async function ambiguous(device = ANDROID): Promise<World> {
    const world = new World(device, device === IPAD ? CODE : null);
    world.graph.answer("wipe", LOST_BEFORE);
    await world.run(device === IPAD ? UNLOCK : WIPE);
    return world;
  }

  test("as taken: the request succeeds, nothing is sent", async () => {
    const world = await ambiguous();
    world.ledger.put(settled(0, "taken"));

    const report = await world.run(WIPE);

    expect(report.outcome).toBe("succeeded");
    expect(report.steps[0]?.detail).toContain("settled as taken by anna");
    expect(wipes(world)).toBe(1);
  });

  test("as taken, and the device has left or was enrolled anew: the request succeeds", async () => {
    const gone = await ambiguous(IPAD);
    gone.ledger.put(settled(2, "taken"));
    gone.graph.remove(IPAD.id);
    const anew = await ambiguous(IPAD);
    anew.ledger.put(settled(2, "taken"));
    anew.graph.enrolAnew(IPAD.id, ANOTHER_ENROLMENT, "NEW-CODE-OF-THE-NEW-ENROLMENT");

    expect(await gone.run(UNLOCK)).toMatchObject({ outcome: "succeeded" });
    expect(await anew.run(UNLOCK)).toMatchObject({ outcome: "succeeded" });
  });

  test("as not taken: it is sent once more, after a fresh read of the code", async () => {
    const world = await ambiguous(IPAD);
    world.ledger.put(settled(2, "not-taken"));
    const before = world.journal.length;

    const report = await world.run(UNLOCK);

    expect(report.outcome).toBe("succeeded");
    // What an earlier run escrowed may be gone: it is put there again.
    expect(order(world.journal.slice(before)).slice(0, 5)).toEqual(["readCode", "escrow", "escrowed", "intent", "POST wipe"]);
    expect(wipes(world)).toBe(2);
  });

  test("as not taken, and the new attempt is lost too: the old decision does not count for it", async () => {
    const world = await ambiguous();
    world.ledger.put(settled(0, "not-taken"));
    world.graph.answer("wipe", LOST_BEFORE);

    const outcomes = [await world.run(WIPE), await world.run(WIPE)].map(({ outcome }) => outcome);
    world.ledger.put(settled(0, "not-taken"));
    const again = await world.run(WIPE);

    expect(outcomes).toEqual(["ambiguous", "ambiguous"]);
    expect(again.outcome).toBe("ambiguous");
    expect(wipes(world)).toBe(2);
  });

  test("as not taken, and the device was enrolled anew: nothing is sent to the new enrolment", async () => {
    const world = await ambiguous(IPAD);
    world.ledger.put(settled(2, "not-taken"));
    world.graph.enrolAnew(IPAD.id, ANOTHER_ENROLMENT, "NEW-CODE-OF-THE-NEW-ENROLMENT");

    expect(await world.run(UNLOCK)).toMatchObject({ outcome: "failed", reason: "EnrolledAnew" });
    expect(wipes(world)).toBe(1);
  });
});

describe("a call that Graph did not take", () => {
  test("throttled: pending, sent again by the next run and not before", async () => {
    const world = new World(ANDROID, null);
    world.graph.answer("wipe", THROTTLED, THROTTLED);

    const outcomes = [await world.run(WIPE), await world.run(WIPE), await world.run(WIPE)].map(({ outcome }) => outcome);

    expect(outcomes).toEqual(["pending", "pending", "succeeded"]);
    expect(wipes(world)).toBe(3);
    expect(world.graph.erased(ANDROID.id)).toBe(1);
  });

  test("refused: failed for good, whatever is edited, until the next generation", async () => {
    const world = new World(ANDROID, null);
    world.graph.answer("wipe", REFUSED);

    const first = await world.run(WIPE);
    const edited = await world.run(jobOf(lifecycleRequest(["wipe"], { ticket: "INC-4712" }), ANDROID));
    const again = await world.run(jobOf(lifecycleRequest(["wipe"], { generation: 2 }), ANDROID));

    expect(first).toMatchObject({ outcome: "failed", message: expect.stringContaining("403") });
    expect(edited.outcome).toBe("failed");
    expect(again.outcome).toBe("succeeded");
    expect(wipes(world)).toBe(2);
  });

  test("reported as failed by the device: failed", async () => {
    const world = new World(ANDROID, null);
    world.graph.endsAs("wipe", "failed");

    expect(await world.run(WIPE)).toMatchObject({ outcome: "failed", reason: "Reported" });
  });
});

describe("another administrator's approval", () => {
  const approvals = (world: World) =>
    world.journal.flatMap((entry) => (entry.kind === "POST" && entry.action === "wipe" ? [entry.approvalRequest] : []));

  test("is waited for; the next run sends the same call with it, after a fresh read of the code", async () => {
    const world = new World();
    world.graph.answer("wipe", APPROVAL_REQUIRED);

    const first = await world.run(UNLOCK);
    const before = world.journal.length;
    const second = await world.run(UNLOCK);

    expect(first).toMatchObject({ outcome: "awaitingApproval", message: expect.stringMatching(/approval-\d+/) });
    expect(second.outcome).toBe("succeeded");
    expect(approvals(world)).toEqual([null, expect.stringMatching(/approval-\d+/)]);
    // What an earlier run escrowed may be gone: it is put there again.
    expect(order(world.journal.slice(before)).slice(0, 5)).toEqual(["readCode", "escrow", "escrowed", "intent", "POST wipe"]);
  });

  test("still counts when the resubmission is throttled", async () => {
    const world = new World(ANDROID, null);
    world.graph.answer("wipe", APPROVAL_REQUIRED, THROTTLED);

    await world.run(WIPE);
    const throttled = await world.run(WIPE);
    const last = await world.run(WIPE);

    expect(throttled.outcome).toBe("awaitingApproval");
    expect(last.outcome).toBe("succeeded");
    const [none, ...resubmitted] = approvals(world);
    expect(none).toBeNull();
    expect(new Set(resubmitted).size).toBe(1);
    expect(resubmitted).toHaveLength(2);
  });

  test("that is still missing is asked for again by each run, once", async () => {
    const world = new World(ANDROID, null);
    world.graph.answer("wipe", APPROVAL_REQUIRED, APPROVAL_REQUIRED, APPROVAL_REQUIRED);

    for (let run = 0; run < 3; run++) expect(await world.run(WIPE)).toMatchObject({ outcome: "awaitingApproval" });

    expect(wipes(world)).toBe(3);
  });

  test("and an answer to the resubmission that is lost: ambiguous, not sent again", async () => {
    const world = new World(ANDROID, null);
    world.graph.answer("wipe", APPROVAL_REQUIRED, LOST_BEFORE);

    const outcomes = [await world.run(WIPE), await world.run(WIPE), await world.run(WIPE)].map(({ outcome }) => outcome);

    expect(outcomes).toEqual(["awaitingApproval", "ambiguous", "ambiguous"]);
    expect(wipes(world)).toBe(2);
  });
});

describe("clocks that are wrong", () => {
  const YEAR = 365 * 24 * 3_600_000;

  test.each([
    ["behind", -YEAR],
    ["ahead", YEAR],
  ])("ours is a year %s after a crash: the device's report still ends the doubt", async (_, jump) => {
    const world = new World(ANDROID, null);
    const job = jobOf(lifecycleRequest(["remoteLock"], { expires: null }), ANDROID);
    world.graph.checkInMs = 0;
    await expect(world.run(job, { fault: { method: "send", call: 0, when: "after" } })).rejects.toThrow("after send");
    const results = (await world.graph.observe({ id: ANDROID.id, path: { kind: "managedDevices" } }))?.deviceActionResults ?? [];
    world.graph.enrol({ ...ANDROID, deviceActionResults: results });
    world.clock.advance(jump);

    expect(await world.run(job)).toMatchObject({ outcome: "succeeded" });
    expect(posts(world.journal)).toEqual(["remoteLock"]);
  });

  test("ours is set back during a wait: the run still ends", async () => {
    const world = new World(ANDROID, null);
    world.graph.isSilent = true;
    const sleep = world.clock.sleep.bind(world.clock);
    let sleeps = 0;
    world.ports.clock.sleep = async (milliseconds) => {
      if (sleeps++ === 3) world.clock.advance(-YEAR);
      await sleep(milliseconds);
    };

    expect(await world.run(WIPE, { waitMs: 60_000 })).toMatchObject({ outcome: "pending" });
    expect(world.clock.slept.reduce((sum, slept) => sum + slept, 0)).toBeLessThan(130_000);
  });
});

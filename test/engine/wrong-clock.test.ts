import { describe, expect, test } from "@jest/globals";
import { withoutSecret } from "../../providers/engine/decide/match-result.ts";
import { historyOf } from "../../providers/engine/history.ts";
import { previewActs } from "../../providers/pulumi/program/preview-acts.ts";
import { World } from "../support/fakes.ts";
import { ANDROID, IPAD } from "../support/fakes-devices.ts";
import { LOST_BEFORE } from "../support/fakes-graph.ts";
import { order, posts } from "../support/fakes-journal.ts";
import { settings } from "../support/fakes-pulumi.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";

const HOUR = 3_600_000;
const WIPE = jobOf(lifecycleRequest(["wipe"]), ANDROID);
const RESET = jobOf(lifecycleRequest(["resetPasscode"]), ANDROID);
const SYNC = jobOf(lifecycleRequest(["syncDevice"]), ANDROID);
const HELD = { outcome: "pending", reason: "ClockWrong" };

function worldOf(behindMs: number): World {
  const world = new World(ANDROID, null);
  world.graph.behindMs = behindMs;
  return world;
}

/** Our clock is set; Graph's goes on. */
function setClock(world: World, ahead: number): void {
  world.clock.advance(ahead);
  world.graph.behindMs += ahead;
}

/** What the preview says of the wipe, by a run that may not wait. */
async function previewOf(world: World) {
  const request = lifecycleRequest(["wipe"], { device: { id: ANDROID.id } });
  const history = historyOf(await world.ledger.recordsOf(WIPE.plan.key));
  const device = await world.graph.observe({ id: ANDROID.id, path: { kind: "managedDevices" } });
  const entry = { request, history, plan: WIPE.plan, device, unreadable: null, isEnded: false };
  const { graphClock } = world.ports;
  const ports = { actions: world.graph, directory: world.graph, ledger: world.ledger, graphClock, canResendSecrets: false };
  const facts = {
    settings: settings({ waitMs: 0 }),
    ledgerFacts: await world.ledger.facts(),
    hold: null,
    unreviewed: () => null,
    now: world.clock.now(),
  };
  return (await previewActs([entry], ports, facts)).get(request.name);
}

describe("a run whose clock is an hour from Graph's", () => {
  test.each([
    ["ahead", HOUR, "wipe", WIPE],
    ["behind", -HOUR, "wipe", WIPE],
    ["ahead", HOUR, "resetPasscode", RESET],
  ] as const)("%s (%s ms) sends no %s, begins nothing, and says both times", async (word, behindMs, _action, job) => {
    const world = worldOf(behindMs);

    const report = await world.run(job);

    expect(report).toMatchObject({
      ...HELD,
      message: expect.stringMatching(new RegExp(`says 2026-11-20T12:00:00Z, .* 60 minutes ${word}`)),
    });
    expect(order(world.journal)).toEqual(["outcome"]);
  });

  test("puts no code into escrow for a wipe that cannot follow", async () => {
    const world = new World(IPAD);
    world.graph.behindMs = HOUR;

    expect(await world.run(jobOf(lifecycleRequest(UNLOCK_AND_WIPE)))).toMatchObject(HELD);
    expect(order(world.journal)).toEqual(["outcome"]);
  });

  test("takes nothing over: that would count from a time that is wrong", async () => {
    const world = worldOf(HOUR);
    world.graph.startElsewhere(ANDROID.id, "wipe");

    expect(await world.run(WIPE)).toMatchObject(HELD);
  });

  test("takes nothing for expired", async () => {
    const world = worldOf(HOUR);
    world.clock.advance(12 * HOUR);
    const job = { ...SYNC, terms: { ...SYNC.terms, expires: "2026-11-20" } };

    expect(await world.run(job)).toMatchObject(HELD);
    world.clock.advance(-HOUR);
    world.graph.behindMs = 0;
    expect(await world.run(job)).toMatchObject({ outcome: "succeeded" });
  });

  test("does what may be repeated, and follows what was sent", async () => {
    const world = worldOf(0);
    expect(await world.run(WIPE, { waitMs: 0 })).toMatchObject({ outcome: "pending", reason: "Accepted" });
    setClock(world, HOUR);

    expect(await world.run(WIPE)).toMatchObject({ outcome: "succeeded" });
    expect(await worldOf(HOUR).run({ ...SYNC, terms: { ...SYNC.terms, expires: null } })).toMatchObject({ outcome: "succeeded" });
  });

  test("goes on once the clock is set", async () => {
    const world = worldOf(HOUR);
    expect(await world.run(WIPE)).toMatchObject(HELD);
    world.graph.behindMs = 0;

    expect(await world.run(WIPE)).toMatchObject({ outcome: "succeeded" });
  });
});

describe("that a device is gone", () => {
  const BRIEFLY = { waitMs: 0 };
  const MISSED = { outcome: "pending", reason: "NotVisible" };

  async function wiped(): Promise<World> {
    const world = worldOf(0);
    expect(await world.run(WIPE, BRIEFLY)).toMatchObject({ reason: "Accepted" });
    world.graph.remove(ANDROID.id);
    return world;
  }

  test("does not follow for a clock that is ahead from what a run wrote down a second ago", async () => {
    const world = await wiped();
    expect(await world.run(WIPE, BRIEFLY)).toMatchObject(MISSED);
    setClock(world, HOUR);

    expect((await previewOf(world))?.text).toMatch(/^held: Graph says that it does not know device/);
    expect(await world.run(WIPE, BRIEFLY)).toMatchObject(MISSED);
  });

  test("does not follow from what a run wrote down whose clock was behind", async () => {
    const world = await wiped();
    setClock(world, -HOUR);
    expect(await world.run(WIPE, BRIEFLY)).toMatchObject(MISSED);
    setClock(world, HOUR);

    expect(await world.run(WIPE, BRIEFLY)).toMatchObject(MISSED);
  });

  test("follows in one run, whose clock goes on evenly however wrong it is", async () => {
    const world = await wiped();
    setClock(world, HOUR);

    expect(await world.run(WIPE)).toMatchObject({ outcome: "succeeded" });
    expect(world.clock.slept.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(30_000);
  });
});

describe("what another machine wrote down says nothing to a clock that may be wrong", () => {
  const AWRY = [
    ["an hour ahead", (world: World) => setClock(world, HOUR)],
    [
      "of which nobody knows whether it is right",
      (world: World) => {
        world.clock.advance(HOUR);
        world.graph.tellsTime = false;
      },
    ],
  ] as const;

  test.each(AWRY)("nobody is asked to settle a doubt whose grace period is over by a clock alone that is %s", async (_, goAwry) => {
    const world = worldOf(0);
    world.graph.answer("wipe", LOST_BEFORE);
    expect(await world.run(WIPE, { waitMs: 0 })).toMatchObject({ outcome: "pending", reason: "NoAnswer" });
    goAwry(world);

    expect(await world.run(WIPE, { waitMs: 0 })).toMatchObject({ outcome: "pending", reason: "NoAnswer" });
    const slept = world.clock.slept.length;
    expect(await world.run(WIPE)).toMatchObject({ outcome: "ambiguous" });
    expect(world.clock.slept.slice(slept).reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(30_000);
  });

  test("a passcode that Graph shows for a week is waited for by a clock that is a month ahead", async () => {
    const world = worldOf(0);
    hidesSecrets(world);
    expect(await world.run(RESET, { waitMs: 0 })).toMatchObject({ outcome: "pending" });
    // The device reports.
    world.clock.advance(10_000);
    setClock(world, 30 * 24 * HOUR);

    expect(await world.run(RESET, { waitMs: 0 })).toMatchObject({ outcome: "pending", reason: "Accepted" });
    setClock(world, -30 * 24 * HOUR);
    world.clock.advance(8 * 24 * HOUR);
    expect(await world.run(RESET, { waitMs: 0 })).toMatchObject({ outcome: "succeeded" });
  });

  test("and holds the device from others until then", async () => {
    const world = worldOf(0);
    hidesSecrets(world);
    await world.run(RESET, { waitMs: 0 });
    setClock(world, 30 * 24 * HOUR);
    const sync = jobOf(lifecycleRequest(["syncDevice"], { name: "sync", expires: null }), ANDROID);

    expect(await world.run(sync)).toMatchObject({ outcome: "pending", reason: "SecretOnItsWay" });
  });
});

/** The device reports, and Graph never shows the secret that it made. */
function hidesSecrets(world: World): void {
  const observe = world.graph.observe.bind(world.graph);
  world.graph.observe = async (device) => {
    const seen = await observe(device);
    return seen === null ? null : { ...seen, deviceActionResults: seen.deviceActionResults.map(withoutSecret) };
  };
}

test("a clock that is set wrong while the call waits for its place stops it", async () => {
  const world = worldOf(0);
  world.graph.takePlace = async () => {
    world.graph.behindMs = HOUR;
    return { giveBack: () => undefined, isPaused: () => false };
  };

  expect(await world.run(WIPE)).toMatchObject(HELD);
  expect(posts(world.journal)).toEqual([]);
});

test("a clock that is set wrong after everything else was asked stops the call right before the wire", async () => {
  const world = worldOf(0);
  const post = world.graph.send.bind(world.graph);
  world.graph.send = async (call) => {
    world.graph.behindMs = HOUR;
    const reason = await call.holdBack();
    return reason === null ? post(call) : { kind: "throttled", detail: `not sent: ${reason}`, requestId: null };
  };

  expect(await world.run(WIPE)).toMatchObject({ outcome: "pending", message: expect.stringContaining("60 minutes ahead") });
  expect(posts(world.journal)).toEqual([]);
});

test.each([
  ["ahead, which makes the last look old: it is looked at again, and the clock is found out", HOUR, "ClockWrong"],
  ["back, which is found out right before the wire", -HOUR, "NotTaken"],
])("a clock that jumps %s (%s ms) sends nothing, and the next run does once it is set", async (_, jump, reason) => {
  const world = worldOf(0);
  const post = world.graph.send.bind(world.graph);
  let hasJumped = false;
  world.graph.send = async (call) => {
    if (!hasJumped) setClock(world, jump);
    hasJumped = true;
    const held = await call.holdBack();
    return held === null ? post(call) : { kind: "throttled", detail: `not sent: ${held}`, requestId: null };
  };

  expect(await world.run(WIPE)).toMatchObject({ outcome: "pending", reason });
  expect(posts(world.journal)).toEqual([]);
  setClock(world, -jump);
  expect(await world.run(WIPE)).toMatchObject({ outcome: "succeeded" });
  expect(posts(world.journal)).toEqual(["wipe"]);
});

describe("where no answer says what time it is for Graph", () => {
  test("nothing is destroyed, and what to look for is said", async () => {
    const world = worldOf(0);
    world.graph.tellsTime = false;

    expect(await world.run(WIPE)).toMatchObject({
      outcome: "pending",
      reason: "NotReadable",
      message: expect.stringMatching(/wrong-clock .* no answer tells Graph's own time: see which proxy .* Date or request-id/),
    });
    expect(order(world.journal)).toEqual(["outcome"]);
    expect((await previewOf(world))?.text).toMatch(/^held: what the guard wrong-clock has to see \(clock\) cannot be read/);
  });

  test("what may be repeated goes", async () => {
    const world = worldOf(0);
    world.graph.tellsTime = false;

    expect(await world.run({ ...SYNC, terms: { ...SYNC.terms, expires: null } })).toMatchObject({ outcome: "succeeded" });
  });

  test("that shows right before the wire, too", async () => {
    const world = worldOf(0);
    const post = world.graph.send.bind(world.graph);
    world.graph.send = async (call) => {
      world.graph.tellsTime = false;
      const reason = await call.holdBack();
      return reason === null ? post(call) : { kind: "throttled", detail: `not sent: ${reason}`, requestId: null };
    };

    expect(await world.run(WIPE)).toMatchObject({ outcome: "pending", message: expect.stringContaining("no answer tells") });
    expect(posts(world.journal)).toEqual([]);
  });
});

test("the preview says the same", async () => {
  const act = await previewOf(worldOf(HOUR));

  expect(act?.text).toMatch(/^held: the clock of this machine says 2026-11-20T12:00:00Z, and Graph's says 2026-11-20T11:00:00Z/);
});

import { afterEach, describe, expect, test } from "@jest/globals";
import { historyOf } from "../../providers/engine/history.ts";
import type { GraphAnswer } from "../../providers/graph/client/answer.ts";
import { previewActs } from "../../providers/pulumi/program/preview-acts.ts";
import { graphAt, managedDevice } from "../graph/graph-fixture.ts";
import { World } from "../support/fakes.ts";
import { ANDROID, IPAD } from "../support/fakes-devices.ts";
import { order, posts } from "../support/fakes-journal.ts";
import { settings } from "../support/fakes-pulumi.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";

const HOUR = 3_600_000;
const WIPE = jobOf(lifecycleRequest(["wipe"]), ANDROID);
const RESET = jobOf(lifecycleRequest(["resetPasscode"]), ANDROID);
const SYNC = jobOf(lifecycleRequest(["syncDevice"]), ANDROID);
const HELD = { outcome: "pending", reason: "ClockWrong" };

const open: ScriptedServer[] = [];

afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

function worldOf(behindMs: number): World {
  const world = new World(ANDROID, null);
  world.graph.behindMs = behindMs;
  return world;
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
    world.graph.behindMs = HOUR;

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

  /** Our clock is set; Graph's goes on. */
  function setClock(world: World, ahead: number): void {
    world.clock.advance(ahead);
    world.graph.behindMs += ahead;
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

test("where no answer says what time it is, nothing follows", async () => {
  const world = worldOf(HOUR);
  world.graph.tellsTime = false;

  expect(await world.run(WIPE)).toMatchObject({ outcome: "succeeded" });
});

test("the preview says the same", async () => {
  const act = await previewOf(worldOf(HOUR));

  expect(act?.text).toMatch(/^held: the clock of this machine says 2026-11-20T12:00:00Z, and Graph's says 2026-11-20T11:00:00Z/);
});

describe("Graph's clock is read", () => {
  const DATE = "Fri, 20 Nov 2026 11:00:00 GMT";
  const READING = { ours: Date.parse("2026-11-20T12:00:00Z"), graphs: Date.parse("2026-11-20T11:00:00Z") };
  type Answered = Pick<GraphAnswer, "status"> & { readonly body: unknown; readonly headers?: Readonly<Record<string, string>> };

  async function readAfter(...answers: readonly Answered[]) {
    const server = await startScriptedServer(answers);
    open.push(server);
    const graph = graphAt(server.url, { limits: { attempts: 1 } });
    expect(graph.graphClock()).toBeNull();
    for (const _ of answers) await graph.directory.observe({ id: ANDROID.id, path: { kind: "managedDevices" } }).catch(() => null);
    return graph.graphClock();
  }

  const device = managedDevice({ id: ANDROID.id });
  const notFound = { error: { code: "ResourceNotFound", message: "No" } };

  test.each<[string, Answered, object | null]>([
    ["from an answer", { status: 200, body: device, headers: { date: DATE } }, READING],
    [
      "from an answer that a cache kept",
      { status: 200, body: device, headers: { date: DATE, age: "60" } },
      { ...READING, graphs: READING.graphs + 60_000 },
    ],
    ["from an error of Graph's own", { status: 404, body: notFound, headers: { date: DATE } }, READING],
    ["but not from the page of a messenger", { status: 403, body: "<html>", headers: { date: DATE } }, null],
    ["but not from a date that is none", { status: 200, body: device, headers: { date: "soon" } }, null],
  ])("%s", async (_name, answer, expected) => {
    expect(await readAfter(answer)).toEqual(expected);
  });

  test("from the last answer that told it", async () => {
    const [told, other] = [DATE, "Fri, 20 Nov 2026 11:59:00 GMT"].map((date) => ({ status: 200, body: device, headers: { date } }));
    const untold = { status: 200, body: device, headers: { date: "" } };

    expect(await readAfter(other as Answered, told as Answered, untold)).toEqual(READING);
  });

  test("over HTTP, by a run that then sends nothing", async () => {
    const phone = { ...ANDROID, enrolledDateTime: "2026-01-05T08:00:00.000Z" };
    const server = await startScriptedServer([{ status: 200, headers: { date: DATE }, body: managedDevice({ ...phone }) }]);
    open.push(server);
    const world = new World(null);
    const { directory, actions, graphClock } = graphAt(server.url, { clock: world.clock });
    world.ports = { ...world.ports, directory, actions, graphClock };

    expect(await world.run(jobOf(lifecycleRequest(["wipe"]), phone))).toMatchObject(HELD);
    expect(server.requests.map(({ method }) => method)).toEqual(["GET"]);
  });
});

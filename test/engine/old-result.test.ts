import { afterEach, describe, expect, test } from "@jest/globals";
import type { DeviceActionResult } from "../../providers/domain/managed-device.ts";
import { graphAt, managedDevice } from "../graph/graph-fixture.ts";
import { World } from "../support/fakes.ts";
import { ANDROID, actionResult } from "../support/fakes-devices.ts";
import { LOST_BEFORE } from "../support/fakes-graph.ts";
import { posts } from "../support/fakes-journal.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";

const WIPE = jobOf(lifecycleRequest(["wipe"]), ANDROID);
const OLD = actionResult("wipe", "done", { startDateTime: null, lastUpdatedDateTime: "2026-10-01T08:00:00Z" });
const TOUCHED = { ...OLD, lastUpdatedDateTime: "2026-11-20T12:00:05Z" };

const open: ScriptedServer[] = [];

afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

/** Graph shows other results of the device once a wipe was asked for. */
function touches(world: World, result: DeviceActionResult): void {
  const post = world.graph.send.bind(world.graph);
  world.graph.send = async (call) => {
    const answer = await post(call);
    world.graph.change(ANDROID.id, { deviceActionResults: [result] });
    return answer;
  };
}

describe("a wipe whose answer was lost, and that Graph did not take", () => {
  test("is not done because Graph touches an old one that is done and says no start: a person is told, and asked", async () => {
    const world = new World({ ...ANDROID, deviceActionResults: [OLD] }, null);
    world.graph.answer("wipe", LOST_BEFORE);
    touches(world, TOUCHED);

    const report = await world.run(WIPE);

    expect(report).toMatchObject({
      outcome: "ambiguous",
      message: expect.stringContaining("what it reports of wipe may be of an earlier one, for it does not say when it began"),
    });
    expect(posts(world.journal)).toEqual(["wipe"]);
  });

  test("is not done because one that somebody began before shows only now, by Graph's clock, which is not ours", async () => {
    const world = new World(ANDROID, null);
    world.graph.answer("wipe", LOST_BEFORE);
    touches(world, actionResult("wipe", "done", { startDateTime: "2026-11-20T11:50:00Z" }));

    const report = await world.run(WIPE);

    expect(report.outcome).toBe("ambiguous");
    const records = await world.ledger.recordsOf(WIPE.plan.key);
    expect(records.find(({ kind }) => kind === "intent")).toMatchObject({
      at: "2026-11-20T12:00:00.000Z",
      graphTime: "2026-11-20T11:59:00.000Z",
    });
  });

  test("keeps no time in the ledger where Graph told none, and is judged by what was there before", async () => {
    const world = new World(ANDROID, null);
    world.graph.tellsTime = false;
    const both = world.clock.now();
    world.ports = { ...world.ports, graphClock: () => ({ ours: both, graphs: both }) };
    world.graph.answer("wipe", LOST_BEFORE);
    touches(world, actionResult("wipe", "done", { startDateTime: "2026-11-20T11:50:00Z" }));

    const report = await world.run(WIPE);

    expect(report.outcome).toBe("succeeded");
    const records = await world.ledger.recordsOf(WIPE.plan.key);
    expect(records.find(({ kind }) => kind === "intent")).not.toHaveProperty("graphTime");
  });
});

test("a wipe that Graph took is not done because Graph touches an old one: it is followed, and a person is told why", async () => {
  const world = new World({ ...ANDROID, deviceActionResults: [OLD] }, null);
  world.graph.isSilent = true;
  world.graph.checkInMs = 24 * 60 * 60 * 1000;
  touches(world, TOUCHED);

  const report = await world.run({ ...WIPE, stack: "prod" }, { waitMs: 5_000 });

  expect(report).toMatchObject({
    outcome: "pending",
    message: expect.stringMatching(
      /has not reported yet: what it reports of wipe may be of an earlier one.* \.\/dlr settle prod leeds-leaver-0042 --taken/,
    ),
  });
});

test("what is taken over is known by when Graph showed it", async () => {
  const world = new World(ANDROID, null);
  world.graph.startElsewhere(ANDROID.id, "wipe");

  expect(await world.run(WIPE)).toMatchObject({ outcome: "succeeded" });
  const records = await world.ledger.recordsOf(WIPE.plan.key);
  expect(records.find(({ kind }) => kind === "adopted")).toMatchObject({ graphTime: "2026-11-20T11:59:00.000Z" });
});

test("over HTTP: a wipe that was answered with 500 is not done because Graph touches an old one", async () => {
  const phone = { ...ANDROID, enrolledDateTime: "2026-01-05T08:00:00.000Z" };
  let wasAsked = false;
  const shown = (result: DeviceActionResult) => managedDevice({ ...phone, deviceActionResults: [result] });
  const server = await startScriptedServer(({ method }) => {
    if (method === "POST") wasAsked = true;
    const headers = { date: "Fri, 20 Nov 2026 12:00:00 GMT" };
    return method === "POST" ? { status: 500, headers, body: "" } : { status: 200, headers, body: shown(wasAsked ? TOUCHED : OLD) };
  });
  open.push(server);
  const world = new World(null);
  const { directory, actions } = graphAt(server.url, { clock: world.clock });
  world.ports = { ...world.ports, directory, actions };

  const report = await world.run(jobOf(lifecycleRequest(["wipe"]), phone));

  expect(report).toMatchObject({ outcome: "ambiguous", message: expect.stringContaining("may be of an earlier one") });
  expect(server.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
});

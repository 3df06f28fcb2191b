import { afterEach, describe, expect, test } from "@jest/globals";
import { parseDevice } from "../../providers/graph/devices/parse-device.ts";
import { DEVICE_ID, graphAt, managedDevice } from "../graph/graph-fixture.ts";
import { World } from "../support/fakes.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";
import { type ReceivedRequest, type ScriptedAnswer, type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";

const ANDROID = managedDevice({ operatingSystem: "Android", isSupervised: null, model: "Pixel 9" });
const JOB = jobOf(lifecycleRequest(["wipe"], { device: { id: DEVICE_ID } }), parseDevice(ANDROID).device);
const OLD = { actionName: "wipe", actionState: "done", lastUpdatedDateTime: "2026-10-01T09:00:00Z" };
const TAKEN = { status: 204, headers: { "request-id": "rid" } };

let server: ScriptedServer | null = null;

afterEach(() => server?.close());

interface Way {
  readonly answer?: ScriptedAnswer;
  readonly before?: readonly object[];
  readonly after?: readonly object[];
  /** What stands before Graph changes of the head of its answers. */
  readonly head?: (graphs: Readonly<Record<string, string>>, request: ReceivedRequest, index: number) => Readonly<Record<string, string>>;
}

/** A wipe over HTTP; Graph's clock is a minute behind ours. */
async function worldOn({ answer = TAKEN, before = [], after = [], head = (graphs) => graphs }: Way) {
  const world = new World(null);
  let wipes = 0;
  server = await startScriptedServer((request, index) => {
    if (request.method === "POST" && request.target.endsWith("/wipe")) {
      wipes += 1;
      return answer;
    }
    const graphs = { "request-id": "rid", date: new Date(world.clock.now() - 60_000).toUTCString() };
    return {
      status: 200,
      headers: head(graphs, request, index),
      body: { ...ANDROID, deviceActionResults: wipes === 0 ? before : after },
    };
  });
  const { directory, actions, graphClock } = graphAt(server.url, { clock: world.clock });
  world.ports = { ...world.ports, directory, actions, graphClock };
  return { world, wipes: () => wipes };
}

const began = { actionName: "wipe", actionState: "done", startDateTime: "2026-11-20T11:59:00.5Z" };

describe("a wipe that Graph answered with 500 and did not take", () => {
  test.each([
    ["an old result without a start, which Graph touches", [OLD], [{ ...OLD, lastUpdatedDateTime: "2026-11-20T12:00:05Z" }]],
    ["a result without any time that Graph did not show before", [], [{ actionName: "wipe", actionState: "done" }]],
    ["an old result that Graph did not show before", [], [{ ...OLD, startDateTime: "2026-10-01T08:00:00Z" }]],
  ])("is not done by %s", async (_, before, after) => {
    const { world, wipes } = await worldOn({ answer: { status: 500 }, before, after });

    expect(await world.run(JOB)).toMatchObject({ outcome: "ambiguous", steps: [{ status: "ambiguous" }] });
    expect(wipes()).toBe(1);
  });
});

test("a wipe that Graph took is done by a result that began since, by Graph's own time, which the intent has on record", async () => {
  const { world } = await worldOn({ before: [OLD], after: [OLD, began] });

  expect(await world.run(JOB)).toMatchObject({ outcome: "succeeded", steps: [{ status: "done" }] });
  expect(await world.ledger.recordsOf(JOB.plan.key)).toContainEqual(
    expect.objectContaining({ kind: "intent", graphTime: "2026-11-20T11:59:00.000Z" }),
  );
});

describe("a wipe is not sent where what stands before Graph", () => {
  test.each<[string, NonNullable<Way["head"]>, string]>([
    ["takes away the date", (graphs) => ({ ...graphs, date: "" }), "NotReadable"],
    ["takes away Graph's id, so that the date may be its own", ({ date = "" }) => ({ date }), "NotReadable"],
    ["answers all from a cache", (graphs) => ({ ...graphs, age: "30" }), "NotReadable"],
    ["answers the last look from a cache", (graphs, _, index) => (index === 0 ? graphs : { ...graphs, age: "30" }), "GraphNotReadable"],
    ["writes another date", (graphs) => ({ ...graphs, date: "Fri, 20 Nov 2026 11:00:00 GMT" }), "ClockWrong"],
    [
      "writes another date into the last look alone",
      (graphs, _, index) => (index === 0 ? graphs : { ...graphs, date: "Fri, 20 Nov 2026 11:00:00 GMT" }),
      "ClockWrong",
    ],
  ])("%s", async (_, head, reason) => {
    let isInTheWay = true;
    const { world, wipes } = await worldOn({
      head: (graphs, request, index) => (isInTheWay ? head(graphs, request, index) : graphs),
      after: [began],
    });

    expect(await world.run(JOB)).toMatchObject({ outcome: "pending", reason });
    expect(wipes()).toBe(0);
    isInTheWay = false;
    expect(await world.run(JOB)).toMatchObject({ outcome: "succeeded" });
    expect(wipes()).toBe(1);
  });

  test("and people are told to have nothing keep answers", async () => {
    const { world } = await worldOn({ head: (graphs, _, index) => (index === 0 ? graphs : { ...graphs, age: "30" }) });

    expect((await world.run(JOB)).message).toMatch(/a cache on the way to Graph answered the last look .* keep no answers/);
  });
});

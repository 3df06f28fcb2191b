import { afterEach, expect, test } from "@jest/globals";
import { parseDevice } from "../../providers/graph/devices/parse-device.ts";
import { actionCall, DEVICE_ID, graphAt, managedDevice } from "../graph/graph-fixture.ts";
import { World } from "../support/fakes.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";

const ANDROID = managedDevice({ operatingSystem: "Android", isSupervised: null, model: "Pixel 9" });
const JOB = jobOf(lifecycleRequest(["wipe"], { device: { id: DEVICE_ID } }), parseDevice(ANDROID).device);

let server: ScriptedServer | null = null;

afterEach(() => server?.close());

/**
 * A wipe over HTTP. During its first last looks, as many as said, another call of the run is asked
 * to wait for 30 seconds.
 */
async function wipeBeside(busy: number) {
  const world = new World(null);
  const start = world.clock.now();
  const calls: string[] = [];
  let wipes = 0;
  server = await startScriptedServer(({ method, target }) => {
    calls.push(
      `${method} ${target.split(/[/?]/).find((part) => part === "wipe" || part === "syncDevice") ?? "device"} ${(world.clock.now() - start) / 1000} s`,
    );
    const headers = { "request-id": "rid", date: new Date(world.clock.now()).toUTCString() };
    if (target.includes("/syncDevice")) return { status: 429, headers: { ...headers, "retry-after": "30" }, body: {} };
    if (method === "POST") wipes += 1;
    if (method === "POST") return { status: 204, headers };
    const done = { actionName: "wipe", actionState: "done", startDateTime: new Date(world.clock.now()).toISOString() };
    return { status: 200, headers, body: { ...ANDROID, deviceActionResults: wipes === 0 ? [] : [done] } };
  });
  const { directory, actions, graphClock } = graphAt(server.url, { clock: world.clock, limits: { attempts: 1 } });
  let looks = 0;
  const lookClosely: typeof directory.lookClosely = async (device, withCode) => {
    const seen = await directory.lookClosely(device, withCode);
    looks += 1;
    if (looks <= busy) await actions.send(actionCall("syncDevice"));
    return seen;
  };
  world.ports = { ...world.ports, directory: { ...directory, lookClosely }, actions, graphClock };
  const report = await world.run(JOB);
  const results = (await world.ledger.recordsOf(JOB.plan.key)).flatMap((record) => (record.kind === "result" ? [record.result] : []));
  return { report, calls, results };
}

test("a wipe that holds its place when Graph asks another call to wait waits too, and is looked at again", async () => {
  const { report, calls, results } = await wipeBeside(1);

  expect(report.outcome).toBe("succeeded");
  expect(results).toEqual(["notSent", "accepted"]);
  expect(calls).toEqual([
    "GET device 0 s",
    "GET device 0 s",
    "POST syncDevice 0 s",
    "GET device 0 s",
    "GET device 30 s",
    "POST wipe 30 s",
    "GET device 30 s",
  ]);
});

test("a wipe that always meets a pause is given up for this run, and says why", async () => {
  const { report, calls, results } = await wipeBeside(100);

  expect(report).toMatchObject({ outcome: "pending", message: expect.stringContaining("Graph asked to be left alone for a while") });
  expect(results.length).toBeLessThanOrEqual(6);
  expect(new Set(results)).toEqual(new Set(["notSent"]));
  expect(calls.filter((call) => call.includes("wipe"))).toEqual([]);
});

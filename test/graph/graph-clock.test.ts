import { afterEach, describe, expect, test } from "@jest/globals";
import { type Script, type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { type TestClock, testClock } from "../support/test-clock.ts";
import { actionCall, DEVICE, graphAt, managedDevice } from "./graph-fixture.ts";

const NOON = Date.parse("2026-11-20T12:00:00Z");
const MINUTE = 60_000;
const LATER = NOON + 10 * MINUTE;

let server: ScriptedServer | null = null;

afterEach(() => server?.close());

async function graphOf(script: (clock: TestClock) => Script, monotonic?: () => number) {
  const clock = testClock();
  server = await startScriptedServer(script(clock));
  const graph = graphAt(server.url, { clock, limits: { attempts: 1 }, ...(monotonic === undefined ? {} : { monotonic }) });
  return { ...graph, set: (milliseconds: number) => clock.advance(milliseconds) };
}

const head = (ms: number) => ({ "request-id": "rid", date: new Date(ms).toUTCString() });
const answer = (headers: Readonly<Record<string, string>>, status = 200) => ({ status, headers, body: managedDevice() });
const error = (status: number, code: string) => ({ status, headers: head(LATER), body: { error: { code, message: "No" } } });

describe("Graph's clock", () => {
  test("is not known before the first answer", async () => {
    expect((await graphOf(() => [])).graphClock()).toBeNull();
  });

  test("is known from the first answer on, and anew from each, also where Graph's servers differ", async () => {
    const graph = await graphOf(() => [answer(head(NOON - 10 * MINUTE)), answer(head(NOON)), answer(head(LATER))]);
    const readings = [];

    for (const _ of [1, 2, 3]) {
      await graph.directory.observe(DEVICE);
      readings.push(graph.graphClock());
    }

    expect(readings).toEqual([NOON - 10 * MINUTE, NOON, LATER].map((graphs) => ({ graphs, ours: NOON })));
  });

  test.each([
    ["a refusal", error(403, "Forbidden")],
    ["a device that is not there", error(404, "ResourceNotFound")],
    ["being throttled", { ...error(429, "TooManyRequests"), headers: { ...head(LATER), "retry-after": "9" } }],
    ["server trouble", error(503, "ServiceUnavailable")],
    ["server trouble without words", { status: 500, headers: head(LATER), body: "" }],
  ])("is told by %s of Graph's own, too", async (_, said) => {
    const graph = await graphOf(() => [said]);

    await graph.directory.observe(DEVICE).catch(() => null);

    expect(graph.graphClock()).toEqual({ graphs: LATER, ours: NOON });
  });

  test("is told by the answer to an action", async () => {
    const graph = await graphOf(() => [{ status: 204, headers: head(LATER) }]);

    await graph.actions.send(actionCall("syncDevice"));

    expect(graph.graphClock()).toEqual({ graphs: LATER, ours: NOON });
  });

  test("is told by each try, and not by the last one alone", async () => {
    server = await startScriptedServer([error(503, "ServiceUnavailable"), { status: 200, body: managedDevice() }]);
    const graph = graphAt(server.url, { random: () => 0 });

    await graph.directory.observe(DEVICE);

    expect(graph.graphClock()).toEqual({ graphs: LATER, ours: NOON });
  });

  test("is a batch's, whatever time its items say", async () => {
    const inner = { "request-id": "rid-2", date: new Date(NOON).toUTCString() };
    const graph = await graphOf(() => ({ body }) => {
      const { requests } = JSON.parse(body) as { requests: readonly { id: string }[] };
      const responses = requests.map(({ id }) => ({ id, status: 200, headers: inner, body: managedDevice() }));
      return { status: 200, headers: head(LATER), body: { responses } };
    });

    await Promise.all([graph.directory.observe(DEVICE), graph.directory.observe({ ...DEVICE, id: DEVICE.id.toUpperCase() })]);

    expect(graph.graphClock()).toEqual({ graphs: LATER, ours: NOON });
  });

  test.each([
    ["has no date", { "request-id": "rid", date: "unknown" }],
    ["is a proxy's", { date: new Date(0).toUTCString() }],
    ["has an empty id", { ...head(0), "request-id": "" }],
    ["comes from a cache", { ...head(0), age: "60" }],
    ["comes from a cache that does not say how old it is", { ...head(0), age: "old" }],
  ])("is not told by an answer that %s", async (_, headers) => {
    const graph = await graphOf(() => [answer(head(LATER)), answer(headers)]);

    await graph.directory.observe(DEVICE);
    await graph.directory.observe(DEVICE);

    expect(graph.graphClock()).toEqual({ graphs: LATER, ours: NOON });
  });

  test("is not told by the items of a batch that came without a head of Graph's own", async () => {
    const responses = ["1", "2"].map((id) => ({ id, status: 200, headers: head(LATER), body: managedDevice() }));
    const graph = await graphOf(() => [{ status: 200, headers: { date: new Date(LATER).toUTCString() }, body: { responses } }]);

    await Promise.all([graph.directory.observe(DEVICE), graph.directory.observe({ ...DEVICE, id: DEVICE.id.toUpperCase() })]);

    expect(graph.graphClock()).toBeNull();
  });

  test.each([
    ["an answer that was on its way for long is of some moment in between", 30_000, 90_000],
    ["what it is late by counts from the end", 200_000, 200_000],
    ["what it is early by counts from the beginning", -200_000, -110_000],
  ])("is read fairly: %s", async (_, graphSays, expected) => {
    const graph = await graphOf((clock) => () => {
      clock.advance(90_000);
      return answer(head(NOON + graphSays));
    });

    await graph.directory.observe(DEVICE);

    expect(graph.graphClock()).toEqual({ graphs: NOON + expected, ours: NOON + 90_000 });
  });

  test.each([
    ["ahead", 60 * MINUTE],
    ["back", -60 * MINUTE],
  ])("goes on by itself: a clock that is set %s since the last answer differs at once", async (_, set) => {
    let passed = 0;
    const graph = await graphOf(
      () => [answer(head(NOON))],
      () => passed,
    );
    await graph.directory.observe(DEVICE);

    passed += 2_000;
    graph.set(2_000 + set);

    expect(graph.graphClock()).toEqual({ graphs: NOON + 2_000, ours: NOON + 2_000 + set });
  });
});

test("a place under the rate limit, and a pause, last no longer because the clock is set back", async () => {
  let passed = 0;
  const slept: number[] = [];
  const sleep = async (ms: number) => {
    slept.push(ms);
    passed += ms;
  };
  const clock = { now: () => NOON - 60 * MINUTE * slept.length, sleep };
  server = await startScriptedServer([{ status: 204, headers: head(NOON) }]);
  const graph = graphAt(server.url, { clock, monotonic: () => passed, limits: { writesPerWindow: 1, placeAhead: 0, rateWindow: 20_000 } });
  await graph.actions.takePlace();
  slept.push(0);

  passed += 5_000;
  await graph.actions.takePlace();

  expect(slept).toEqual([0, 15_000]);
});

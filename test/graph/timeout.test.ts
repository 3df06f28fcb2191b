import { afterEach, describe, expect, test } from "@jest/globals";
import { sendResult } from "../../providers/graph/actions/send-result.ts";
import { createGraphClient } from "../../providers/graph/client/graph-client.ts";
import { GRAPH_LIMITS } from "../../providers/graph/client/limits.ts";
import type { GraphCallFacts } from "../../providers/graph/client/middleware/graph-call.ts";
import { get } from "../../providers/graph/client/read-call.ts";
import { createWire } from "../../providers/graph/client/wire.ts";
import { parseGraphEndpoint } from "../../providers/support/cloud.ts";
import { type ScriptedAnswer, type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { testClock } from "../support/test-clock.ts";
import { opaqueTokens } from "./graph-fixture.ts";

const open: ScriptedServer[] = [];

afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

/** A deadline that passes as soon as the request has come in: nothing waits for a clock. */
async function clientOf(script: readonly ScriptedAnswer[]) {
  const server = await startScriptedServer(script);
  open.push(server);
  const deadlines: number[] = [];
  const client = createGraphClient({
    endpoint: parseGraphEndpoint("global", server.url),
    tokens: opaqueTokens(),
    clock: testClock(),
    monotonic: () => 0,
    random: () => 1,
    uuid: () => "00000000-0000-4000-8000-000000000001",
    wire: createWire(),
    limits: GRAPH_LIMITS,
    onProgress: () => undefined,
    deadline: (milliseconds) => {
      deadlines.push(milliseconds);
      const controller = new AbortController();
      const isHanging = script[Math.min(deadlines.length, script.length) - 1] === "hang";
      if (isHanging) void server.received(deadlines.length).then(() => controller.abort(new DOMException("late", "TimeoutError")));
      return controller.signal;
    },
  });
  return { client, requests: server.requests, deadlines };
}

const action: GraphCallFacts = {
  ...get("/deviceManagement/managedDevices/x/wipe"),
  method: "POST",
  mode: "once",
  rateClass: "write",
  identity: "application",
};

describe("no answer in time", () => {
  test("of a read: it is tried again, each time with its own deadline", async () => {
    const { client, deadlines } = await clientOf(["hang", "hang", { status: 200, body: { id: "x" } }]);

    const answer = await client.read(get("/deviceManagement/managedDevices/x"));

    expect(answer.status).toBe(200);
    expect(deadlines).toEqual([60_000, 60_000, 60_000]);
  });

  test("of a read, ever: an error that says so", async () => {
    const { client, requests } = await clientOf(["hang"]);

    const reading = client.read(get("/deviceManagement/managedDevices/x"));

    await expect(reading).rejects.toMatchObject({ name: "GraphReadError", message: expect.stringContaining("no answer in time") });
    expect(requests).toHaveLength(6);
  });

  test("of an action that must not be done twice: doubt, and no second try", async () => {
    const { client, requests, deadlines } = await clientOf(["hang"]);

    const result = sendResult(await client.call(action), 0);

    expect(result).toEqual({ kind: "unknown", detail: "no answer in time; it may have been taken", requestId: null });
    expect([requests.length, deadlines]).toEqual([1, [100_000]]);
  });

  test("of an action that may be done twice: it is sent again", async () => {
    const { client, requests } = await clientOf(["hang", { status: 204 }]);

    const result = sendResult(await client.call({ ...action, mode: "repeatable" }), 0);

    expect([result.kind, requests.length]).toEqual(["accepted", 2]);
  });
});

test("a path that would become another on the wire is stopped before the token is added", async () => {
  const { client, requests } = await clientOf([{ status: 204 }]);

  const results = await Promise.all(
    ["/a/../b", "/a/%2e%2e/b", "/a\\b", "/a#b", "https://evil.example/v1.0/a"].map((path) => client.call({ ...action, path })),
  );

  expect(results.map((result) => sendResult(result, 0).kind)).toEqual(results.map(() => "throttled"));
  expect(results.map((result) => result.kind)).toEqual(results.map(() => "stopped"));
  expect(requests).toEqual([]);
});

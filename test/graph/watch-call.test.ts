import { afterEach, expect, test } from "@jest/globals";
import fc from "fast-check";
import { REMOTE_ACTIONS } from "../../providers/domain/actions/action-table.ts";
import { createGraphClient } from "../../providers/graph/client/graph-client.ts";
import { GRAPH_LIMITS } from "../../providers/graph/client/limits.ts";
import { pathTemplate } from "../../providers/graph/client/path-template.ts";
import { get } from "../../providers/graph/client/read-call.ts";
import { createWire } from "../../providers/graph/client/wire.ts";
import { parseGraphEndpoint } from "../../providers/support/cloud.ts";
import { createWatch, type EndedSpan } from "../../providers/telemetry/create-watch.ts";
import { type Script, type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { testClock } from "../support/test-clock.ts";
import { opaqueTokens } from "./graph-fixture.ts";

let server: ScriptedServer | undefined;

afterEach(async () => {
  await server?.close();
});

const ID = "3f2f0e3c-0000-4000-8000-00000000000a";

async function start(script: Script) {
  server = await startScriptedServer(script);
  const ended: EndedSpan[] = [];
  const clock = testClock();
  let uuids = 0;
  const client = createGraphClient({
    endpoint: parseGraphEndpoint("global", server.url),
    tokens: opaqueTokens(),
    clock,
    monotonic: () => clock.now(),
    random: () => 1,
    uuid: () => `00000000-0000-4000-8000-${String(++uuids).padStart(12, "0")}`,
    wire: createWire(),
    limits: GRAPH_LIMITS,
    onProgress: () => undefined,
    watch: createWatch([(span) => ended.push(span)], null),
  });
  return { client, ended, requests: server.requests };
}

test("one span has all tries of a call: their ids, what they waited, how often Graph refused", async () => {
  const busy = { status: 429, headers: { "retry-after": "7", "request-id": ID }, body: {} };
  const { client, ended, requests } = await start([busy, { status: 200, headers: { "request-id": ID }, body: { id: "x" } }]);

  await client.read(get(`/users/j.doe@contoso.example/managedDevices/${ID}?$select=id`));

  expect(ended.map(({ facts }) => facts)).toEqual([
    {
      method: "GET",
      path: "/v1.0/users/{id}/managedDevices/{id}",
      server: "127.0.0.1",
      kind: "read",
      tries: 2,
      throttled: 1,
      waitedMs: expect.any(Number),
      clientRequestId: requests[1]?.headers["client-request-id"],
      clientRequestIds: requests.map(({ headers }) => headers["client-request-id"]),
      status: 200,
      requestId: ID,
    },
  ]);
});

test("a request-id that is no id is not told", async () => {
  const { client, ended } = await start([{ status: 200, headers: { "request-id": "the code is ABCD" }, body: { id: "x" } }]);

  await client.read(get("/deviceManagement/managedDevices"));

  expect(ended[0]?.facts).not.toHaveProperty("requestId");
});

test("waits of actions for their place are seen apart, and not counted twice", async () => {
  const { client, ended } = await start([{ status: 204 }]);

  const place = await client.takePlace();
  await client.call({
    ...get("/deviceManagement/managedDevices/x/wipe"),
    method: "POST",
    mode: "once",
    rateClass: "write",
    place: Object.assign(place, { waitedMs: 500 }),
  });

  expect(ended.map(({ name, facts }) => [name, facts.waitedMs])).toEqual([
    ["place", 0],
    ["graph", 0],
  ]);
});

test("a call that no try of reached the wire has no id", async () => {
  const { client, ended, requests } = await start([{ status: 204 }]);
  const held = { ...get("/deviceManagement/managedDevices/x/wipe"), method: "POST", mode: "once", rateClass: "write" } as const;

  await client.call({ ...held, holdBack: async () => "the brake is set" });

  expect(requests).toEqual([]);
  expect(ended[0]?.facts).toMatchObject({ tries: 0 });
  expect(ended[0]?.facts).not.toHaveProperty("clientRequestId");
});

test("no part of a path that is no word of the API is in its template", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9@.%-]{1,40}$/), (text) => {
      fc.pre(!/^(users|assign|settings|assignments|beta|v1\.0|wipe|retire|delete|disable)$/.test(text));
      expect(pathTemplate(`/v1.0/users/${text}/managedDevices/${text}?$filter=${text}`)).toBe("/v1.0/users/{id}/managedDevices/{id}");
    }),
  );
});

test("each action is told by its name", () => {
  const paths = REMOTE_ACTIONS.map(({ name }) => pathTemplate(`/beta/deviceManagement/managedDevices/x/${name}`));

  expect(paths).toEqual(REMOTE_ACTIONS.map(({ name }) => `/beta/deviceManagement/managedDevices/{id}/${name}`));
});

import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "@jest/globals";
import { GraphReadError } from "../../providers/domain/errors.ts";
import type { DeviceReference } from "../../providers/domain/plan.ts";
import {
  type ReceivedRequest,
  type Script,
  type ScriptedAnswer,
  type ScriptedServer,
  startScriptedServer,
} from "../support/scripted-server.ts";
import { DEVICE, DEVICE_ID, graphAt, managedDevice } from "./graph-fixture.ts";

const open: ScriptedServer[] = [];

afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

async function graphOf(script: Script) {
  const server = await startScriptedServer(script);
  open.push(server);
  return { graph: graphAt(server.url), requests: server.requests, received: (count: number) => server.received(count) };
}

const reference = (id: string): DeviceReference => ({ id, path: { kind: "managedDevices" } });

interface Item {
  readonly id: string;
  readonly method: string;
  readonly url: string;
}

function itemsOf(request: ReceivedRequest): readonly Item[] {
  return (JSON.parse(request.body) as { requests: Item[] }).requests;
}

const deviceIdOf = (url: string) => decodeURIComponent(/managedDevices\/([^/?]+)/.exec(url)?.[1] ?? "");

/**
 * Graph with every device there is; `spoil` may change the answers of batches, `alone` those of
 * single reads.
 */
function everyDevice(spoil: (responses: object[], items: readonly Item[]) => unknown[], alone?: ScriptedAnswer): Script {
  return (request) => {
    if (request.method === "GET") return alone ?? { status: 200, body: managedDevice({ id: deviceIdOf(request.target) }) };
    const items = itemsOf(request);
    const responses = items.map(({ id, url }) => ({ id, status: 200, headers: {}, body: managedDevice({ id: deviceIdOf(url) }) }));
    return { status: 200, body: { responses: spoil(responses, items) } };
  };
}

const whole = (responses: object[]) => responses;

describe("observing many devices at once", () => {
  test("shares batches of twenty, in the order that suits, each device once", async () => {
    const { graph, requests } = await graphOf(everyDevice((responses) => responses.toReversed()));
    const ids = Array.from({ length: 45 }, (_, index) => `device-${index}`);

    const devices = await Promise.all([...ids, ...ids].map((id) => graph.directory.observe(reference(id))));

    expect(devices.map((device) => device?.id)).toEqual([...ids, ...ids]);
    expect(requests.map((request) => `${request.method} ${request.target}`)).toEqual(Array(3).fill("POST /v1.0/$batch"));
    expect(requests.map((request) => itemsOf(request).length).toSorted((a, b) => a - b)).toEqual([5, 20, 20]);
    expect(itemsOf(requests[0] as ReceivedRequest)[0]).toEqual({
      id: "1",
      method: "GET",
      url: expect.stringMatching(/^\/deviceManagement\/managedDevices\/device-0\?\$select=id,serialNumber,.*deviceActionResults$/),
    });
  });

  test("one alone is a plain GET", async () => {
    const { graph, requests } = await graphOf(everyDevice(whole));

    const device = await graph.directory.observe(DEVICE);

    expect(device?.serialNumber).toBe("DMPXK2ABCDEF");
    expect(requests.map(({ method }) => method)).toEqual(["GET"]);
  });

  test("what comes while a read is under way waits for its end and goes together", async () => {
    const { graph, requests, received } = await graphOf(everyDevice(whole));

    const first = graph.directory.observe(reference("device-0"));
    await received(1);
    const rest = [1, 2, 3].map((index) => graph.directory.observe(reference(`device-${index}`)));
    await Promise.all([first, ...rest]);

    expect(requests.map(({ method }) => method)).toEqual(["GET", "POST"]);
  });

  test("the same device is read anew the next time", async () => {
    const { graph } = await graphOf(everyDevice(whole));

    await graph.directory.observe(DEVICE);
    await graph.directory.observe(DEVICE);

    expect(graph.requestCount()).toBe(2);
  });
});

describe("a batch that is not whole", () => {
  const observeThree = (graph: ReturnType<typeof graphAt>) =>
    Promise.allSettled(["a", "b", "c"].map(async (id) => (await graph.directory.observe(reference(id)))?.id ?? null));
  const good = ["a", "b", "c"].map((value) => ({ status: "fulfilled", value }));
  const instead = (place: number, item: object) => (responses: object[]) =>
    responses.map((response, index) => (index === place ? { ...response, ...item } : response));

  test.each([
    ["an item is throttled", instead(1, { status: 429, headers: { "Retry-After": "4" }, body: { error: { code: "TooManyRequests" } } }), 1],
    ["an item is in trouble", instead(1, { status: 503, body: { error: {} } }), 1],
    ["an item is refused", instead(1, { status: 403, body: { error: { code: "Forbidden" } } }), 1],
    ["an item has a body that is none", instead(1, { body: "PGh0bWw+" }), 1],
    ["items are missing", (responses: object[]) => responses.slice(0, 1), 2],
    ["an item has no id", instead(2, { id: undefined }), 1],
    ["nothing in it can be understood", () => [null, 7, "x", {}], 3],
    ["it is empty", () => [], 3],
  ])("%s: that is read by itself", async (_name, spoil, singles) => {
    const { graph, requests } = await graphOf(everyDevice(spoil as (responses: object[]) => unknown[]));

    const results = await observeThree(graph);

    expect(results).toEqual(good);
    expect(requests.filter(({ method }) => method === "GET")).toHaveLength(singles);
  });

  test("a throttled item holds back the reads that follow", async () => {
    const { graph } = await graphOf(everyDevice(instead(0, { status: 429, headers: { "Retry-After": "4" } })));

    await observeThree(graph);

    expect(graph.clock.slept).toEqual([4_000]);
  });

  test("a throttled item that does not say when holds them back too", async () => {
    const { graph } = await graphOf(everyDevice(instead(0, { status: 429 })));

    await observeThree(graph);

    expect(graph.clock.slept).toEqual([2_000]);
  });

  test.each([400, 403, 404, 405, 424, 501])(
    "a %i for all of it: they are read one by one, and so are those that follow",
    async (status) => {
      const every = everyDevice(whole) as (request: ReceivedRequest) => ScriptedAnswer;
      const { graph, requests } = await graphOf((request) => (request.method === "POST" ? { status } : every(request)));

      const results = [...(await observeThree(graph)), ...(await observeThree(graph))];

      expect(results).toEqual([...good, ...good]);
      expect(requests.map(({ method }) => method)).toEqual(["POST", ...Array(6).fill("GET")]);
      expect(graph.progress).toEqual([`Graph refuses batches (${status}): devices are read one by one`]);
    },
  );

  test("a 503 for all batches, for good: they are read one by one", async () => {
    const every = everyDevice(whole) as (request: ReceivedRequest) => ScriptedAnswer;
    const { graph } = await graphOf((request) => (request.method === "POST" ? { status: 503 } : every(request)));

    expect(await observeThree(graph)).toEqual(good);
  });

  test.each([401, 503])("a %i for everything ends it after one single read at most", async (status) => {
    const { graph, requests } = await graphOf([{ status }]);

    const results = await observeThree(graph);

    expect(results.map((result) => result.status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(new Set(requests.filter(({ method }) => method === "GET").map(({ target }) => target)).size).toBeLessThanOrEqual(1);
  });

  test("malformed JSON is read again as a batch", async () => {
    const answers = everyDevice(whole);
    const { graph, requests } = await graphOf((request, index) =>
      index === 0 || typeof answers !== "function" ? { status: 200, body: '{"responses":[{"id":"1","sta' } : answers(request, index),
    );

    const results = await observeThree(graph);

    expect(results).toEqual(good);
    expect(requests.map(({ method }) => method)).toEqual(["POST", "POST"]);
  });

  test("an item that stays refused fails alone", async () => {
    const refusal = { status: 403, body: { error: { code: "Forbidden", message: "Out of scope" } } };
    const { graph } = await graphOf(everyDevice(instead(1, refusal), refusal));

    const results = await observeThree(graph);

    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(results[1]).toMatchObject({ reason: { name: "GraphReadError", status: 403, message: expect.stringContaining("Out of scope") } });
  });

  test("an item of another form fails alone", async () => {
    const { graph } = await graphOf(everyDevice(instead(1, { body: managedDevice({ id: "b", isSupervised: "yes" }) })));

    const results = await observeThree(graph);

    expect(results[1]).toMatchObject({ reason: { message: expect.stringContaining("isSupervised should be true or false") } });
    expect(results[0]?.status).toBe("fulfilled");
  });

  test("another device than was asked for is an error, and shows nothing of it", async () => {
    const { graph } = await graphOf(everyDevice(instead(1, { body: managedDevice({ id: "stranger" }) })));

    const [, second] = await observeThree(graph);

    expect(second).toMatchObject({ status: "rejected", reason: { message: expect.stringContaining("another device") } });
    expect(inspect(second, { depth: null })).not.toContain("DMPXK2ABCDEF");
  });

  test("404 inside a batch is no answer: the device is asked for again alone", async () => {
    const { graph, requests } = await graphOf(everyDevice(instead(1, { status: 404, body: { error: { code: "ResourceNotFound" } } })));

    const results = await observeThree(graph);

    expect(results[1]).toEqual({ status: "fulfilled", value: "b" });
    expect(requests).toHaveLength(2);
  });

  test("refused as a whole, all of it fails", async () => {
    const { graph } = await graphOf([{ status: 403, body: { error: { code: "Forbidden", message: "No licence" } } }]);

    const results = await observeThree(graph);

    expect(results.map((result) => result.status === "rejected" && result.reason.status)).toEqual([403, 403, 403]);
  });
});

describe("a tenant that does not know managementState", () => {
  const unknown = { error: { code: "BadRequest", message: "Could not find a property named 'managementState'" } };
  const older: Script = (request) => {
    const answer = ({ url }: { readonly url: string }) =>
      url.includes("managementState")
        ? { status: 400, body: unknown }
        : { status: 200, body: managedDevice({ id: deviceIdOf(url), managementState: undefined }) };
    if (request.method === "GET") return answer({ url: request.target });
    return { status: 200, body: { responses: itemsOf(request).map((item) => ({ id: item.id, ...answer(item) })) } };
  };

  test("is asked without it once and for all", async () => {
    const { graph, requests } = await graphOf(older);

    const first = await graph.directory.observe(DEVICE);
    const later = await Promise.all(["a", "b"].map((id) => graph.directory.observe(reference(id))));

    expect(first).toMatchObject({ id: DEVICE_ID, managementState: null });
    expect(later.map((device) => device?.id)).toEqual(["a", "b"]);
    expect(requests.map(({ method, target, body }) => [method, (target + body).includes("managementState")])).toEqual([
      ["GET", true],
      ["GET", false],
      ["POST", false],
    ]);
  });

  test("also in a batch", async () => {
    const { graph, requests } = await graphOf(older);

    const devices = await Promise.all(["a", "b"].map((id) => graph.directory.observe(reference(id))));

    expect(devices.map((device) => device?.id)).toEqual(["a", "b"]);
    expect(requests).toHaveLength(2);
  });

  test("a 400 of another cause is not taken for it", async () => {
    const { graph, requests } = await graphOf([{ status: 400, body: { error: { code: "BadRequest", message: "Other" } } }]);

    const observing = [graph.directory.observe(DEVICE), graph.directory.observe(DEVICE)];

    await expect(observing[0]).rejects.toMatchObject({ status: 400, message: expect.stringContaining("Other") });
    await expect(observing[1]).rejects.toMatchObject({ status: 400 });
    await expect(graph.directory.observe(DEVICE)).rejects.toMatchObject({ status: 400 });
    expect(requests.map(({ target }) => target.includes("managementState"))).toEqual([true, false, true, false]);
  });
});

describe("a device on another path", () => {
  const path = { kind: "user", user: "leaver@contoso.example" } as const;

  test("is not gone when only the user is", async () => {
    const { graph, requests } = await graphOf((request) =>
      request.target.startsWith("/v1.0/users/") ? { status: 404 } : { status: 200, body: managedDevice() },
    );

    const device = await graph.directory.observe({ id: DEVICE_ID, path });

    expect(device?.id).toBe(DEVICE_ID);
    expect(requests.map(({ target }) => target.split("?", 1)[0])).toEqual([`/v1.0/deviceManagement/managedDevices/${DEVICE_ID}`]);
  });

  test("is not known when Graph itself says so of its own address", async () => {
    const { graph } = await graphOf([{ status: 404, body: { error: { code: "ResourceNotFound", message: "no device" } } }]);

    expect(await graph.directory.observe({ id: DEVICE_ID, path })).toBeNull();
  });

  test.each([
    ["nothing", ""],
    ["a proxy's page", "<html><title>404 Not Found</title></html>"],
    ["an error without a code", { error: { message: "Resource not found." } }],
    ["another error", { error: { code: "NotFound", message: "Resource not found." } }],
    ["a scope tag", { error: { code: "ResourceNotFound", message: "The device does not contain a tag allowed by the current role." } }],
  ])("is not gone when the 404 says %s", async (_name, body) => {
    const { graph } = await graphOf([{ status: 404, body }]);

    await expect(graph.directory.observe({ id: DEVICE_ID, path })).rejects.toThrow(GraphReadError);
  });
});

describe("the bypass code", () => {
  test("comes from a plain GET each time, never from a batch or a memory", async () => {
    let reads = 0;
    const { graph, requests } = await graphOf(() => {
      reads += 1;
      return { status: 200, body: { id: DEVICE_ID.toUpperCase(), activationLockBypassCode: `code-${reads}` } };
    });

    const codes = await Promise.all([graph.directory.readBypassCode(DEVICE), graph.directory.readBypassCode(DEVICE)]);

    expect(new Set(codes.map((code) => code?.reveal()))).toEqual(new Set(["code-1", "code-2"]));
    expect(requests.map(({ method }) => method)).toEqual(["GET", "GET"]);
  });

  test.each([[null], [""], ["   "]])("is null when Graph says %p", async (value) => {
    const { graph } = await graphOf([{ status: 200, body: { id: DEVICE_ID, activationLockBypassCode: value } }]);

    expect(await graph.directory.readBypassCode(DEVICE)).toBeNull();
  });

  test.each([
    ["nobody says that there is none", { status: 200, body: { id: DEVICE_ID } }],
    ["it is another device's", { status: 200, body: { id: "stranger", activationLockBypassCode: "3E3D-HIDDEN" } }],
    ["the device is gone", { status: 404, body: {} }],
    ["it may not be read", { status: 403, body: {} }],
  ])("is an error when %s", async (_name, answer) => {
    const { graph } = await graphOf([answer]);

    const error = await graph.directory.readBypassCode(DEVICE).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ name: "GraphReadError" });
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain("HIDDEN");
  });
});

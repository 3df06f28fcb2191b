import { afterEach, describe, expect, test } from "@jest/globals";
import { startEmulator } from "../../emulator/graph/start-emulator.ts";
import { GraphReadError } from "../../providers/domain/errors.ts";
import type { DeviceSelector } from "../../providers/domain/request.ts";
import type { GraphLimits } from "../../providers/graph/client/limits.ts";
import { type ReceivedRequest, type ScriptedAnswer, startScriptedServer } from "../support/scripted-server.ts";
import { DEVICE_ID, graphAt, managedDevice, resolveAll, type TestGraph } from "./graph-fixture.ts";

const open: { close(): Promise<void> }[] = [];

afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

const LIST = "/deviceManagement/managedDevices";
const OTHER_ID = "a1b2c3d4-0000-4000-8000-00000000000f";
const SERIAL = "DMPXK2ABCDEF";

interface Said {
  readonly status: number;
  readonly body?: object;
}

/**
 * What Graph says to one GET, alone or in a batch; `url` is the path after the version, decoded.
 */
type Answers = (url: string, origin: string) => Said;

async function tenant(answers: Answers, limits: Partial<GraphLimits> = {}) {
  const asked: string[] = [];
  const say = (path: string, origin: string): Said => {
    const url = decodeURIComponent(path);
    asked.push(url);
    return answers(url, origin);
  };
  const server = await startScriptedServer((request): ScriptedAnswer => {
    const origin = `http://${request.headers.host}`;
    if (request.method === "GET") return say(request.target.replace("/v1.0", ""), origin);
    return { status: 200, body: { responses: itemsOf(request).map(({ id, url }) => ({ id, headers: {}, ...say(url, origin) })) } };
  });
  open.push(server);
  return { graph: graphAt(server.url, { limits: { attempts: 1, ...limits } }), asked };
}

function itemsOf(request: ReceivedRequest): readonly { readonly id: string; readonly url: string }[] {
  return (JSON.parse(request.body) as { requests: { id: string; url: string }[] }).requests;
}

const page = (value: readonly unknown[], next?: string): Said => ({
  status: 200,
  body: { value, ...(next === undefined ? {} : { "@odata.nextLink": next }) },
});
const isFilter = (url: string) => url.includes("$filter=");
const isList = (url: string) => url.startsWith(`${LIST}?`) && !isFilter(url);

async function idsOf(graph: TestGraph, selector: DeviceSelector): Promise<readonly string[]> {
  const [devices = []] = await resolveAll(graph, [selector]);
  return devices.map(({ id }) => id);
}

describe("exactly one is decided on the whole answer to a filter", () => {
  test("the second of two devices with one serial number stands on the second page", async () => {
    const { graph } = await tenant((url, origin) =>
      url.includes("$skiptoken")
        ? page([managedDevice({ id: OTHER_ID })])
        : page([managedDevice()], `${origin}/v1.0${LIST}?$filter=x&$skiptoken=2`),
    );

    expect(await idsOf(graph, { serialNumber: SERIAL })).toEqual([DEVICE_ID, OTHER_ID]);
  });

  test("or behind as many as were asked for, which end without a link", async () => {
    const id = (index: number) => `a1b2c3d4-0000-4000-8000-${String(index).padStart(12, "0")}`;
    const all = Array.from({ length: 12 }, (_, index) =>
      managedDevice({ id: id(index), userPrincipalName: index === 0 || index === 11 ? "j.doe@x.example" : null }),
    );
    const { graph } = await tenant((url) => page(url.includes("$top=10") ? all.slice(0, 10) : all));

    expect(await idsOf(graph, { serialNumber: SERIAL, user: "j.doe@x.example" })).toEqual([id(0), id(11)]);
  });

  test("where its second page cannot be read, the whole list decides", async () => {
    const { graph } = await tenant((url, origin) => {
      if (url.includes("$skiptoken")) return { status: 500 };
      if (isFilter(url)) return page([managedDevice()], `${origin}/v1.0${LIST}?$filter=x&$skiptoken=2`);
      return page([managedDevice(), managedDevice({ id: OTHER_ID })]);
    });

    expect(await idsOf(graph, { serialNumber: SERIAL })).toEqual([DEVICE_ID, OTHER_ID]);
  });

  test("and where that cannot be read either, nothing is", async () => {
    const { graph } = await tenant((url, origin) => {
      if (url.includes("$skiptoken") || isList(url)) return { status: 500 };
      return page([managedDevice()], `${origin}/v1.0${LIST}?$filter=x&$skiptoken=2`);
    });

    await expect(idsOf(graph, { serialNumber: SERIAL })).rejects.toMatchObject({ name: "GraphReadError", status: 500 });
  });
});

describe("a filter that fails has a way round", () => {
  test.each([400, 404, 424, 500, 501, 503])("after a %i the complete list is looked through", async (status) => {
    const { graph, asked } = await tenant((url) =>
      isFilter(url) ? { status } : page([managedDevice(), managedDevice({ id: OTHER_ID, serialNumber: "OTHER" })]),
    );

    const found = await resolveAll(graph, [{ serialNumber: SERIAL }, { serialNumber: "OTHER" }, { serialNumber: "NOBODY" }]);

    expect(found.map((devices) => devices.map(({ id }) => id))).toEqual([[DEVICE_ID], [OTHER_ID], []]);
    expect(asked.filter(isList)).toHaveLength(1);
    expect(graph.progress).toContain("filters are no help with this Graph: looking through the whole list of devices");
  });

  test("one of several that fails leaves the others alone", async () => {
    const { graph } = await tenant((url) => {
      if (url.includes("'BAD'")) return { status: 500 };
      return isFilter(url) ? page([managedDevice()]) : { status: 403, body: { error: { code: "Forbidden", message: "No lists" } } };
    });
    const selectors = [{ serialNumber: SERIAL }, { serialNumber: "BAD" }];

    const [good, bad] = await graph.directory.resolveEach(selectors);

    expect(good).toMatchObject([{ id: DEVICE_ID }]);
    expect(bad).toMatchObject({ name: "GraphReadError", status: 403 });
  });
});

describe("what is not in Intune", () => {
  const pages = (count: number): Answers => {
    const at = (index: number, origin: string) =>
      page(
        [managedDevice({ id: OTHER_ID, serialNumber: `SN ${index}` })],
        index + 1 < count ? `${origin}/v1.0${LIST}?$skiptoken=${index + 1}` : undefined,
      );
    return (url, origin) => (isFilter(url) ? page([]) : at(Number(/skiptoken=(\d+)/.exec(url)?.[1] ?? 0), origin));
  };

  test("is said after all pages, however many", async () => {
    const { graph, asked } = await tenant(pages(30));

    expect(await idsOf(graph, { serialNumber: "NOBODY" })).toEqual([]);
    expect(asked.filter((url) => !isFilter(url))).toHaveLength(30);
  });

  test("nor before the last of them", async () => {
    const { graph } = await tenant(pages(30));

    expect(await idsOf(graph, { serialNumber: "sn29" })).toEqual([OTHER_ID]);
  });

  test("a list that leads back to itself is given up", async () => {
    const { graph, asked } = await tenant((url, origin) => {
      if (isFilter(url)) return page([]);
      return page([managedDevice({ serialNumber: "X" })], `${origin}/v1.0${LIST}?$skiptoken=${url.includes("=1") ? 2 : 1}`);
    });

    await expect(idsOf(graph, { serialNumber: "NOBODY" })).rejects.toThrow(/does not end: a page leads back/);
    expect(asked.length).toBeLessThan(6);
  });
});

describe("one of several that Graph refuses", () => {
  test.each([400, 403])("a %i stands in the place of the selector that it is for", async (status) => {
    const { graph } = await tenant((url) =>
      url.includes(OTHER_ID) ? { status, body: { error: { code: "Bad", message: "Scope" } } } : { status: 200, body: managedDevice() },
    );
    const selectors = [{ id: DEVICE_ID }, { id: OTHER_ID }, { id: OTHER_ID, serialNumber: "X" }];

    const each = await graph.directory.resolveEach(selectors);

    expect(each.map((one) => (one instanceof GraphReadError ? one.status : one.map(({ id }) => id)))).toEqual([
      [DEVICE_ID],
      status,
      status,
    ]);
  });
});

describe("a device with a property of another form", () => {
  const odd = { id: OTHER_ID, lastSyncDateTime: "20/11/2026" };
  const saying =
    (value: object): Answers =>
    (url) =>
      isFilter(url) ? { status: 501 } : page([managedDevice(value as never), managedDevice()]);

  test.each([
    ["a date in another form", { ...odd, serialNumber: "STRANGER" }],
    ["a word where a yes or no belongs", { id: OTHER_ID, serialNumber: "STRANGER", isSupervised: "yes" }],
    ["results that are no list", { id: OTHER_ID, serialNumber: "STRANGER", deviceActionResults: {} }],
    ["a serial number that is a number", { id: OTHER_ID, serialNumber: 4711 }],
    ["a serial number that is a list", { id: OTHER_ID, serialNumber: [SERIAL] }],
    ["no id", { id: null, serialNumber: "STRANGER" }],
  ])("that nobody asked for stops nobody: %s", async (_name, device) => {
    const { graph } = await tenant(saying(device));

    expect(await idsOf(graph, { serialNumber: SERIAL })).toEqual([DEVICE_ID]);
    expect(graph.progress).toContainEqual(
      expect.stringMatching(/^1 device that nobody asked for cannot be read and is passed over: .* should be/),
    );
  });

  test("that may be the one, or a second one, stops whoever asked for it, and nobody else", async () => {
    const { graph } = await tenant(saying({ ...odd, serialNumber: "dmpxk2 abcdef", deviceName: "Odd" }));

    const each = await graph.directory.resolveEach([{ serialNumber: SERIAL }, { deviceName: "Odd" }, { deviceName: "Leeds iPad 0042" }]);

    expect(each.map((one) => one instanceof GraphReadError)).toEqual([true, true, false]);
    expect(each[0]).toMatchObject({ message: expect.stringContaining("lastSyncDateTime should be an ISO 8601 date and time") });
  });

  test("by its number as text too", async () => {
    const { graph } = await tenant(saying({ id: OTHER_ID, serialNumber: 4711 }));

    await expect(idsOf(graph, { serialNumber: "4711" })).rejects.toThrow(/serialNumber should be text/);
  });
});

describe("a path through an app", () => {
  const TRUTH = {
    serialNumber: SERIAL,
    deviceName: "Leeds iPad 0042",
    operatingSystem: "iPadOS",
    isSupervised: true,
    enrolledDateTime: "2025-03-01T09:30:00Z",
    userPrincipalName: "j.doe@contoso.example",
    "x-emulator": { detectedApps: [{ id: "app1" }], deviceRunStates: [{ script: "s", runState: "r" }] },
  };
  const path = { kind: "detectedApp", detectedApp: "app1" } as const;

  async function graphWith(appReads: "stubbed" | "refused") {
    const emulator = await startEmulator({ devices: [TRUTH, { serialNumber: "WITHOUT" }], appReads, throttle: "off" });
    open.push(emulator);
    return { emulator, graph: graphAt(emulator.url), id: emulator.device(SERIAL).id };
  }

  test.each(["stubbed", "refused"] as const)("says who is there and nothing more (%s)", async (appReads) => {
    const { graph, emulator, id } = await graphWith(appReads);
    const without = emulator.device("WITHOUT").id;

    const found = await resolveAll(graph, [
      { id, detectedApp: "app1" },
      { serialNumber: SERIAL, detectedApp: "app1" },
      { deviceRunState: { script: "s", runState: "r" }, detectedApp: "app1" },
      { serialNumber: SERIAL, detectedApp: "app1", user: "j.doe@contoso.example" },
      { id: without, detectedApp: "app1" },
      { serialNumber: SERIAL, detectedApp: "app2" },
    ]);

    const facts = { id, serialNumber: SERIAL, isSupervised: true, enrolledDateTime: "2025-03-01T09:30:00.000Z" };
    const whole = [expect.objectContaining(facts)];
    expect(found).toEqual([whole, whole, whole, whole, [], []]);
  });

  test("facts, results and code are the tenant's own; the path carries the action", async () => {
    const { graph, emulator, id } = await graphWith("stubbed");

    const device = await graph.directory.observe({ id, path });
    const code = await graph.directory.readBypassCode({ id, path });

    expect(device).toMatchObject({ serialNumber: SERIAL, isSupervised: true, userPrincipalName: "j.doe@contoso.example" });
    expect(code?.reveal()).toBe(emulator.device(SERIAL).bypassCode);
    expect(emulator.requests.filter((request) => request.path.includes("detectedApps"))).toEqual([]);
  });

  test("the run of a script that leads to another device by now is no way to this one", async () => {
    const { graph, emulator } = await graphWith("stubbed");
    const without = emulator.device("WITHOUT").id;

    const observing = graph.directory.observe({ id: without, path: { kind: "deviceRunState", script: "s", runState: "r" } });

    await expect(observing).rejects.toThrow(/another device than the one that was asked for/);
  });
});

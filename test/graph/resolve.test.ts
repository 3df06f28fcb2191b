import { afterEach, describe, expect, test } from "@jest/globals";
import { type EmulatedDevice, type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/graph/start-emulator.ts";
import type { DeviceSelector } from "../../providers/domain/request.ts";
import { graphAt, resolveAll, type TestGraph } from "./graph-fixture.ts";

const open: Emulator[] = [];

afterEach(() => Promise.all(open.splice(0).map((emulator) => emulator.close())));

async function tenant(options: EmulatorOptions): Promise<{ readonly emulator: Emulator; readonly graph: TestGraph }> {
  const emulator = await startEmulator({ throttle: "off", ...options });
  open.push(emulator);
  return { emulator, graph: graphAt(emulator.url) };
}

const SERIAL_LENGTH = 8;
const serial = (index: number) => `SN${String(index).padStart(SERIAL_LENGTH, "0")}`;
const fleet = (count: number): EmulatedDevice[] =>
  Array.from({ length: count }, (_, index) => ({ serialNumber: serial(index), deviceName: `iPad ${index}`, operatingSystem: "iPadOS" }));

async function serialsOf(graph: TestGraph, selectors: readonly DeviceSelector[]): Promise<(string | null)[][]> {
  return (await resolveAll(graph, selectors)).map((devices) => devices.map((device) => device.serialNumber));
}

const SMALL: readonly EmulatedDevice[] = [
  {
    serialNumber: "DMPXK2ABCDEF",
    deviceName: "Leeds iPad 0042",
    userPrincipalName: "j.doe@contoso.example",
    userId: "aaaaaaaa-0000-4000-8000-00000000000a",
  },
  { serialNumber: "dmpxk2 lower7", deviceName: "Leeds iPad 0051" },
  { serialNumber: "TWICE1", deviceName: "First" },
  { serialNumber: "TWICE1", deviceName: "Second" },
  { serialNumber: "0", deviceName: "No real serial" },
  { serialNumber: "O'BRIEN", deviceName: "Sinéad's iPad & co 100%" },
];

describe("a serial number", () => {
  test("names its device, in whatever spelling either side has it", async () => {
    const { graph } = await tenant({ devices: SMALL });

    const found = await serialsOf(graph, [
      { serialNumber: " dmpx k2abcdef " },
      { serialNumber: "DMPXK2LOWER7" },
      { serialNumber: "o'brien" },
    ]);

    expect(found).toEqual([["DMPXK2ABCDEF"], ["dmpxk2 lower7"], ["O'BRIEN"]]);
  });

  test("that two devices have names both, one that none has names none", async () => {
    const { graph } = await tenant({ devices: SMALL });

    const found = await resolveAll(graph, [{ serialNumber: "TWICE1" }, { serialNumber: "NOBODY" }]);

    expect(found.map((devices) => devices.map((device) => device.deviceName))).toEqual([["First", "Second"], []]);
  });

  test.each(["0", "", "  ", "System Serial Number", "000000"])(
    "that is generic (%p) names nothing and costs nothing",
    async (serialNumber) => {
      const { graph } = await tenant({ devices: SMALL });

      expect(await resolveAll(graph, [{ serialNumber }])).toEqual([[]]);
      expect(graph.requestCount()).toBe(0);
    },
  );

  test.each(["' or 1 eq 1 or serialNumber eq '", "x' or deviceName ne 'y", "../../users", "%27%20or", "a\nb", "$filter=x&y"])(
    "cannot widen the filter: %p",
    async (serialNumber) => {
      const { graph, emulator } = await tenant({ devices: SMALL });

      expect(await resolveAll(graph, [{ serialNumber }])).toEqual([[]]);
      expect(emulator.requests.every(({ kind }) => kind === "list" || kind === "batch")).toBe(true);
    },
  );
});

describe("a device's name", () => {
  test("is exact but for letters' case", async () => {
    const { graph } = await tenant({ devices: SMALL, filterCase: "insensitive" });

    const found = await serialsOf(graph, [
      { deviceName: "leeds IPAD 0042" },
      { deviceName: "Leeds" },
      { deviceName: "Sinéad's iPad & co 100%" },
    ]);

    expect(found).toEqual([["DMPXK2ABCDEF"], [], ["O'BRIEN"]]);
  });

  test("and a serial number must both fit", async () => {
    const { graph } = await tenant({ devices: SMALL });

    const found = await serialsOf(graph, [
      { serialNumber: "DMPXK2ABCDEF", deviceName: "Leeds iPad 0042" },
      { serialNumber: "DMPXK2ABCDEF", deviceName: "Leeds iPad 0051" },
    ]);

    expect(found).toEqual([["DMPXK2ABCDEF"], []]);
  });
});

describe("when Graph ignores the filter", () => {
  test("a stranger is never taken for the device", async () => {
    const { graph } = await tenant({ devices: fleet(60), filterTrap: true, pageSize: 25 });

    const found = await serialsOf(graph, [{ serialNumber: serial(59) }, { serialNumber: "NOBODY" }, { deviceName: "iPad 58" }]);

    expect(found).toEqual([[serial(59)], [], [serial(58)]]);
  });

  test("the whole list is read, however long", async () => {
    const { graph } = await tenant({ devices: fleet(300), filterTrap: true, pageSize: 10 });

    const found = await serialsOf(graph, [{ serialNumber: serial(299) }]);

    expect(found).toEqual([[serial(299)]]);
    expect(graph.requestCount()).toBe(1 + 30);
  });
});

describe("a thousand serial numbers cost at most sixty requests", () => {
  const thousand = Array.from({ length: 1_000 }, (_, index) => ({ serialNumber: serial(index) }));
  const expected = thousand.map(({ serialNumber }) => [serialNumber]);

  test.each([
    ["where the list is short", 1_000, 1_000, 1],
    ["where pages are small", 1_000, 100, 10],
    ["where the list is long", 3_000, 100, 60],
    ["where the list is very long", 3_000, 20, 60],
  ])("%s", async (_name, devices, pageSize, requests) => {
    const { graph } = await tenant({ devices: fleet(devices), pageSize });

    const found = await serialsOf(graph, thousand);

    expect(found).toEqual(expected);
    expect(graph.requestCount()).toBe(requests);
  });

  test.each([
    ["forty-one", 41, 1 + 3],
    ["a hundred", 100, 2 + 5],
    ["three hundred", 300, 4 + 15],
  ])("%s in a long list: no more pages in vain than filters would take turns", async (_name, count, requests) => {
    const { graph } = await tenant({ devices: fleet(3_000), pageSize: 100 });

    const found = await serialsOf(graph, thousand.slice(0, count));

    expect(found).toEqual(expected.slice(0, count));
    expect(graph.requestCount()).toBe(requests);
  });

  test("where some of them exist nowhere, that is said only after the whole list", async () => {
    const { graph } = await tenant({ devices: fleet(3_000), pageSize: 20 });

    const found = await serialsOf(graph, [...thousand.slice(1), { serialNumber: "NOBODY" }]);

    expect(found).toEqual([...expected.slice(1), []]);
    expect(graph.requestCount()).toBe(50 + 3_000 / 20);
  });

  test("and one costs one", async () => {
    const { graph } = await tenant({ devices: fleet(3_000), pageSize: 100 });

    await resolveAll(graph, [{ serialNumber: serial(2_999) }, { serialNumber: serial(2_999) }]);

    expect(graph.requestCount()).toBe(1);
  });

  test("a spelling that only the list shows is looked for in all of it", async () => {
    const devices = [...fleet(200), { serialNumber: "od d1" }, ...fleet(400).slice(200), { serialNumber: "ODD 1" }];
    const { graph } = await tenant({ devices, pageSize: 25 });

    const [found] = await serialsOf(graph, [{ serialNumber: "ODD1" }]);

    expect(found).toEqual(["od d1", "ODD 1"]);
  });
});

describe("an id", () => {
  test("names its device in either case, by batches", async () => {
    const { graph, emulator } = await tenant({ devices: fleet(45) });
    const ids = emulator.devices().map(({ id }) => id);

    const found = await resolveAll(
      graph,
      [...ids, ids[0] ?? ""].map((id, index) => ({ id: index === 0 ? id.toUpperCase() : id })),
    );

    expect(found.map((devices) => devices.map(({ id }) => id))).toEqual([...ids, ids[0]].map((id) => [id]));
    expect(graph.requestCount()).toBe(3);
  });

  test("with a serial number of another device names none", async () => {
    const { graph, emulator } = await tenant({ devices: fleet(2) });
    const id = emulator.device(serial(0)).id;

    const found = await serialsOf(graph, [
      { id, serialNumber: serial(1) },
      { id, serialNumber: serial(0) },
    ]);

    expect(found).toEqual([[], [serial(0)]]);
  });

  test.each(["00000000-0000-4000-8000-000000000000", "no-guid", "../users", "a/b", "%2e%2e", "x\ny"])(
    "that is nobody's (%p) names none",
    async (id) => {
      const { graph, emulator } = await tenant({ devices: fleet(2) });

      expect(await resolveAll(graph, [{ id }])).toEqual([[]]);
      expect(emulator.requests.every(({ kind }) => kind === "read")).toBe(true);
    },
  );
});

describe("the other keys", () => {
  const SCRIPT = "5c7a1f4e-0b1a-4e36-9b1d-3c8d5f0e7a11";
  const RUN = { script: SCRIPT, runState: `${SCRIPT}:run1` };
  const devices: readonly EmulatedDevice[] = [
    {
      serialNumber: "WITHAPP",
      userPrincipalName: "o'neil@contoso.example",
      userId: "bbbbbbbb-0000-4000-8000-00000000000b",
      "x-emulator": { detectedApps: [{ id: "app1" }], deviceRunStates: [RUN] },
    },
    { serialNumber: "WITHOUT", userPrincipalName: "other@contoso.example" },
  ];

  test("are re-checked: user by name or id, app by its path, run state by where it leads", async () => {
    const { graph } = await tenant({ devices });

    const found = await serialsOf(graph, [
      { serialNumber: "WITHAPP", user: "O'Neil@contoso.example" },
      { serialNumber: "WITHAPP", user: "bbbbbbbb-0000-4000-8000-00000000000b" },
      { serialNumber: "WITHAPP", user: "other@contoso.example" },
      { serialNumber: "WITHAPP", detectedApp: "app1" },
      { serialNumber: "WITHOUT", detectedApp: "app1" },
      { serialNumber: "WITHAPP", detectedApp: "app1", user: "o'neil@contoso.example" },
      { serialNumber: "WITHAPP", detectedApp: "app1", user: "other@contoso.example" },
      { deviceRunState: RUN },
      { deviceRunState: RUN, serialNumber: "WITHAPP" },
      { deviceRunState: RUN, serialNumber: "WITHOUT" },
      { deviceRunState: RUN, detectedApp: "app1" },
      { deviceRunState: RUN, detectedApp: "app2" },
      { deviceRunState: { script: SCRIPT, runState: "none" } },
      { serialNumber: "WITHAPP", user: "../x" },
      {},
    ]);

    const app = ["WITHAPP"];
    expect(found).toEqual([app, app, [], app, [], app, [], app, app, [], app, [], [], [], []]);
  });

  test("with an id go by the id's own path", async () => {
    const { graph, emulator } = await tenant({ devices });
    const { id } = emulator.device("WITHAPP");

    const found = await serialsOf(graph, [
      { id, user: "o'neil@contoso.example" },
      { id, user: "other@contoso.example" },
      { id, detectedApp: "app1" },
      { id, detectedApp: "app2" },
    ]);

    expect(found).toEqual([["WITHAPP"], [], ["WITHAPP"], []]);
    expect(emulator.requests.filter(({ kind }) => kind === "list")).toEqual([]);
  });
});

test("nothing asked is nothing sent", async () => {
  const { graph } = await tenant({ devices: [] });

  expect(await resolveAll(graph, [])).toEqual([]);
  expect(graph.requestCount()).toBe(0);
});

test("a list that does not end is given up", async () => {
  const { emulator } = await tenant({ devices: fleet(30), pageSize: 1, filterTrap: true });
  const graph = graphAt(emulator.url, { limits: { endlessPages: 5 } });

  await expect(resolveAll(graph, [{ serialNumber: "NOBODY" }])).rejects.toThrow(/does not end: 5 pages/);
});

test("a fault of the list is an error that says so", async () => {
  const { graph, emulator } = await tenant({ devices: SMALL });
  emulator.setFault({ call: "list", effect: { kind: "status", status: 403, message: "No licence" } });

  await expect(resolveAll(graph, [{ serialNumber: "DMPXK2ABCDEF" }])).rejects.toMatchObject({ status: 403 });
});

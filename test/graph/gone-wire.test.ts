import { afterEach, describe, expect, test } from "@jest/globals";
import { NotVisibleError } from "../../providers/domain/errors.ts";
import {
  type ReceivedRequest,
  type Script,
  type ScriptedAnswer,
  type ScriptedServer,
  startScriptedServer,
} from "../support/scripted-server.ts";
import { DEVICE, DEVICE_ID, graphAt, managedDevice } from "./graph-fixture.ts";

const open: ScriptedServer[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function graphOf(script: Script) {
  const server = await startScriptedServer(script);
  open.push(server);
  return { graph: graphAt(server.url), requests: server.requests, url: server.url };
}

/** As Intune answers through Graph, word for word but for the ids. */
function intune(message: string, code = "ResourceNotFound"): ScriptedAnswer {
  const text = `${message} - Operation ID (for customer support): 00000000-0000-0000-0000-000000000000 - Activity ID: 985f047b-47bd-4312-9542-73f313b0ee72 - Url: https://fef.msua04.manage.microsoft.com/DeviceFE/StatelessDeviceFEService/deviceManagement/managedDevices%28%27${DEVICE_ID}%27%29?api-version=2021-07-23`;
  const inner = { _version: 3, Message: text, CustomApiErrorPhrase: "", RetryAfter: null, ErrorSourceService: "", HttpHeaders: "{}" };
  return { status: 404, body: { error: { code, message: JSON.stringify(inner, null, 2), innerError: { date: "2026-11-20T12:00:00" } } } };
}

const UNKNOWN = intune("An error has occurred");
const TAG = intune("Resource does not contain a tag allowed by the current role.");
const ANOTHER = managedDevice({ id: "a1b2c3d4-0000-4000-8000-00000000000f", serialNumber: "dmpx k2abcdef" });
const list = (...value: readonly unknown[]): ScriptedAnswer => ({ status: 200, body: { value } });
const isList = ({ target }: ReceivedRequest) => target.split("?", 1)[0] === "/v1.0/deviceManagement/managedDevices";
const byId =
  (one: ScriptedAnswer, all: ScriptedAnswer): Script =>
  (request) =>
    isList(request) ? all : one;

describe("a look at a device that is answered 404", () => {
  test("is Graph's own word where its code is ResourceNotFound, as Intune nests it or not", async () => {
    for (const answer of [UNKNOWN, { status: 404, body: { error: { code: "ResourceNotFound", message: "Not found." } } }]) {
      const { graph, requests } = await graphOf([answer]);

      expect(await graph.directory.observe(DEVICE)).toBeNull();
      expect(requests).toHaveLength(1);
    }
  });

  test.each([
    ["a scope tag of the role", TAG, /tag allowed by the current role.*this identity may not see it/],
    ["a permission", intune("The caller has no permission for the resource."), /no permission.*this identity may not see it/],
    ["another code", intune("An error has occurred", "NotFound"), /NotFound.*not how Graph says/],
    ["no code", { status: 404, body: { Message: "No HTTP resource was found" } }, /No HTTP resource.*not how Graph says/],
    ["an empty object", { status: 404, body: {} }, /404 \(not found\); that is not how Graph says/],
    ["the page of a proxy", { status: 404, body: "<html><head><title>Not here</title></head></html>" }, /Not here.*not how Graph says/],
    ["nothing", { status: 404 }, /404 \(not found\); that is not how Graph says/],
    ["a page that names the code", { status: 404, body: "<html><title>ResourceNotFound</title></html>" }, /not how Graph says/],
  ] as const)("is no evidence where it is about %s", async (_name, answer, says) => {
    const { graph } = await graphOf([answer]);

    const error = await graph.directory.observe(DEVICE).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(NotVisibleError);
    expect(error).toMatchObject({
      status: 404,
      message: expect.stringMatching(says),
      hint: expect.stringContaining("Intune admin centre"),
    });
  });

  test("is asked for again where something else than Graph answered", async () => {
    const page: ScriptedAnswer = { status: 404, body: "<html></html>" };
    const { graph, requests } = await graphOf([page, { status: 404 }, { status: 200, body: managedDevice() }]);

    expect((await graph.directory.observe(DEVICE))?.id).toBe(DEVICE_ID);
    expect(requests).toHaveLength(3);
  });

  test("is asked for once where Graph hides the device", async () => {
    const { graph, requests } = await graphOf([TAG]);

    await expect(graph.directory.observe(DEVICE)).rejects.toThrow(NotVisibleError);
    expect(requests).toHaveLength(1);
  });
});

describe("a closer look", () => {
  test("finds a device gone that is neither at its address nor on any page of the list", async () => {
    const { graph, requests, url } = await graphOf((request) => {
      if (!isList(request)) return UNKNOWN;
      const next = `${url}/v1.0/deviceManagement/managedDevices?$skiptoken=2`;
      return request.target.includes("skiptoken")
        ? list()
        : { status: 200, body: { value: [managedDevice({ id: "b", serialNumber: "B" })], "@odata.nextLink": next } };
    });

    expect(await graph.directory.lookForGone(DEVICE, "DMPXK2ABCDEF")).toEqual({ kind: "gone", elsewhere: [] });
    expect(requests.map(({ method }) => method)).toEqual(["GET", "GET", "GET"]);
    expect(requests.some(({ target }) => target.includes("filter"))).toBe(false);
  });

  test("gives the device where it shows itself again, and reads no list", async () => {
    const { graph, requests } = await graphOf([{ status: 200, body: managedDevice() }]);

    expect(await graph.directory.lookForGone(DEVICE, null)).toMatchObject({ kind: "there", device: { id: DEVICE_ID } });
    expect(requests).toHaveLength(1);
  });

  test("believes no address that gives another device", async () => {
    const { graph } = await graphOf([{ status: 200, body: ANOTHER }]);

    await expect(graph.directory.lookForGone(DEVICE, null)).rejects.toThrow("another device");
  });

  test.each([
    ["has it, in whichever case", list(managedDevice({ id: DEVICE_ID.toUpperCase() })), "the list of all devices has it"],
    ["has it, and it cannot be read", list({ id: DEVICE_ID, isSupervised: "yes" }), "the list of all devices has it"],
    ["has one that cannot be read at all", list({ isSupervised: "yes" }), "the list of all devices has one that cannot be read"],
  ])("does not find it gone where the list %s", async (_name, all, detail) => {
    const { graph } = await graphOf(byId(UNKNOWN, all));

    expect(await graph.directory.lookForGone(DEVICE, "DMPXK2ABCDEF")).toEqual({ kind: "listed", detail });
  });

  test("names the ids under which the serial number is enrolled now", async () => {
    const { graph } = await graphOf(byId(UNKNOWN, list(ANOTHER)));

    expect(await graph.directory.lookForGone(DEVICE, "DMPXK2ABCDEF")).toEqual({ kind: "gone", elsewhere: [ANOTHER.id] });
  });

  test.each([["0"], [null]])("names none for the serial number %p, which strangers have too", async (serialNumber) => {
    const { graph } = await graphOf(byId(UNKNOWN, list({ ...ANOTHER, serialNumber })));

    expect(await graph.directory.lookForGone(DEVICE, serialNumber)).toEqual({ kind: "gone", elsewhere: [] });
  });

  test.each([
    ["the list breaks off", byId(UNKNOWN, { status: 403, body: { error: { code: "Forbidden" } } })],
    ["a page is no list", byId(UNKNOWN, { status: 200, body: {} })],
    ["the device is hidden", byId(TAG, list())],
  ])("is an error where %s", async (_name, script) => {
    const { graph } = await graphOf(script);

    await expect(graph.directory.lookForGone(DEVICE, null)).rejects.toMatchObject({ code: "GRAPH_READ" });
  });

  test("of many devices at once reads the list once, and each device by a GET of its own", async () => {
    const { graph, requests } = await graphOf(byId(UNKNOWN, list()));
    const ids = Array.from({ length: 30 }, (_, index) => `a1b2c3d4-0000-4000-8000-0000000001${String(index).padStart(2, "0")}`);

    await Promise.all(ids.map((id) => graph.directory.lookForGone({ ...DEVICE, id }, null)));

    expect(requests.filter(({ method }) => method !== "GET")).toEqual([]);
    expect(requests.filter((request) => !isList(request))).toHaveLength(30);
    expect(requests.filter(isList)).toHaveLength(1);
  });
});

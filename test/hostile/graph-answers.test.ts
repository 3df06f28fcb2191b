import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import { GraphReadError } from "../../providers/domain/errors.ts";
import type { JsonObject } from "../../providers/domain/json.ts";
import { type ManagedDevice, normalizeSerial } from "../../providers/domain/managed-device.ts";
import type { DeviceSelector } from "../../providers/domain/request.ts";
import { isAddressable } from "../../providers/graph/client/urls.ts";
import { DEVICE, DEVICE_ID, graphAt, managedDevice, resolveAll } from "../graph/graph-fixture.ts";
import { readContractDocument } from "../support/contract-document.ts";
import { hostileText, SEED } from "../support/hostile-text.ts";
import { type ReceivedRequest, type ScriptedAnswer, type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { junk, spoilt, valuesOf } from "./contract-arbitrary.ts";

jest.setTimeout(120_000);

const OTHER_ID = "a1b2c3d4-0000-4000-8000-00000000000f";
const LIMITS = { attempts: 2, endlessPages: 4, searchPages: 2 };

let answer: (request: ReceivedRequest, count: number) => ScriptedAnswer;
let count = 0;
let server: ScriptedServer;
let stranger: ScriptedServer;

beforeAll(async () => {
  server = await startScriptedServer((request) => answer(request, count++));
  stranger = await startScriptedServer([{ status: 200, body: { value: [] } }]);
});

afterAll(() => Promise.all([server.close(), stranger.close()]));

/** Graph that answers by a function of the request and of how many came before. */
function graphSaying(script: typeof answer) {
  answer = script;
  count = 0;
  return graphAt(server.url, { limits: LIMITS });
}

/** What came of it, or the error of ours; any other error is thrown on. */
async function outcomeOf<T>(work: Promise<T>): Promise<T | GraphReadError> {
  return work.catch((error: unknown) => {
    if (error instanceof GraphReadError) return error;
    throw error;
  });
}

const document = readContractDocument();
const described = (name: string): fc.Arbitrary<JsonObject> =>
  document === null ? fc.constant(managedDevice() as JsonObject) : (valuesOf(document, name) as fc.Arbitrary<JsonObject>);

const NAMES = [
  "id",
  "serialNumber",
  "isSupervised",
  "enrolledDateTime",
  "deviceActionResults",
  "operatingSystem",
  "activationLockBypassCode",
];
const ids = fc.oneof({ weight: 4, arbitrary: fc.constant(DEVICE_ID) }, fc.constantFrom(DEVICE_ID.toUpperCase(), OTHER_ID, "../x", "", "."));

/**
 * An honest device, some of whose properties are as the descriptions allow them, with results of
 * actions that they know; then spoilt.
 */
const device: fc.Arbitrary<string> = spoilt(
  fc
    .tuple(
      fc.oneof(described("v1.0.microsoft.graph.managedDevice"), described("beta.microsoft.graph.managedDevice")),
      fc.array(fc.constantFrom(...Object.keys(managedDevice())), { maxLength: 4 }),
      fc.array(
        fc.oneof(described("v1.0.microsoft.graph.deviceActionResult"), described("beta.microsoft.graph.resetPasscodeActionResult")),
        {
          maxLength: 2,
        },
      ),
      ids,
    )
    .map(([other, taken, deviceActionResults, id]) => ({
      ...managedDevice(),
      ...Object.fromEntries(Object.entries(other).filter(([name]) => taken.includes(name))),
      activationLockBypassCode: "4K7Q1-P9D0M",
      deviceActionResults,
      id,
    })),
  NAMES,
);

const text = fc.oneof(
  { weight: 6, arbitrary: device },
  { weight: 1, arbitrary: junk.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: hostileText },
);

const status = fc.oneof({ weight: 8, arbitrary: fc.constant(200) }, fc.constantFrom(201, 204, 301, 400, 401, 403, 404, 409, 429, 500, 503));

/** An answer with any body under any status; the headers are what HTTP allows. */
const anyAnswer: fc.Arbitrary<ScriptedAnswer> = fc.record({ status, body: text }).map(({ status: code, body }) => ({
  status: code,
  headers: { "content-type": "application/json", location: `${"http://127.0.0.1:9"}/x` },
  body: code === 204 ? "" : body,
}));

/**
 * `property` says whether there was something to look at: a tenth of the answers at least must be
 * good enough for that.
 */
async function check<T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => Promise<boolean>, numRuns: number): Promise<void> {
  let telling = 0;
  const counted = async (value: T) => {
    if (await property(value)) telling += 1;
  };
  await fc.assert(fc.asyncProperty(arbitrary, counted), { numRuns, seed: SEED });
  expect(telling).toBeGreaterThan(numRuns / 10);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect("polluted" in {}).toBe(false);
}

function fits(one: ManagedDevice, { id, serialNumber, deviceName }: DeviceSelector): boolean {
  if (serialNumber !== undefined && normalizeSerial(one.serialNumber ?? "") !== normalizeSerial(serialNumber)) return false;
  if (deviceName !== undefined && one.deviceName?.toLowerCase() !== deviceName.toLowerCase()) return false;
  return id === undefined || sameId(one.id);
}

const sameId = (id: string) => id.toLowerCase() === DEVICE_ID;

describe("whatever Graph answers", () => {
  test("one device is that device or none, or an error of ours", async () => {
    await check(
      anyAnswer,
      async (given) => {
        const found = await outcomeOf(graphSaying(() => given).directory.observe(DEVICE));

        if (found instanceof GraphReadError || found === null) return false;
        expect(sameId(found.id)).toBe(true);
        expect(found.enrolledDateTime ?? "2026-01-01T00:00:00.000Z").toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
        return true;
      },
      300,
    );
  });

  test("a bypass code is the text that stands there for that device, or none that is said to be none", async () => {
    await check(
      anyAnswer,
      async (given) => {
        const code = await outcomeOf(graphSaying(() => given).directory.readBypassCode(DEVICE));

        if (code instanceof GraphReadError) return false;
        const body = JSON.parse(String((given as { readonly body: string }).body));
        expect(sameId(body.id)).toBe(true);
        expect(code?.reveal() ?? null).toBe(
          typeof body.activationLockBypassCode === "string" && code !== null ? body.activationLockBypassCode : null,
        );
        if (code === null) expect([null, ""]).toContain(body.activationLockBypassCode?.trim() ?? body.activationLockBypassCode);
        return code !== null;
      },
      300,
    );
  });

  test("two devices of one batch are not taken for one another", async () => {
    const item = fc.record({
      id: fc.oneof(fc.constantFrom<unknown>("1", "2", "3", 1, null), junk),
      status: fc.oneof(status, junk),
      headers: junk,
      body: fc.oneof(
        device.map((one) => JSON.parse(one)),
        junk,
      ),
    });
    const batch = fc
      .oneof({ weight: 5, arbitrary: fc.array(item, { maxLength: 5 }) }, junk)
      .map((responses) => JSON.stringify({ responses }));
    await check(
      fc.tuple(batch, anyAnswer),
      async ([whole, single]) => {
        const graph = graphSaying(({ method }) => (method === "POST" ? { status: 200, body: whole } : single));

        const other = { ...DEVICE, id: OTHER_ID };
        const [first, second] = await Promise.all([outcomeOf(graph.directory.observe(DEVICE)), outcomeOf(graph.directory.observe(other))]);

        if (first !== null && !(first instanceof GraphReadError)) expect(sameId(first.id)).toBe(true);
        if (second !== null && !(second instanceof GraphReadError)) expect(second.id).toBe(OTHER_ID);
        return [first, second].some((one) => one !== null && !(one instanceof GraphReadError));
      },
      200,
    );
  });

  test("a search gives only devices that fit, each once, and ends", async () => {
    const selector = fc.constantFrom<DeviceSelector>(
      { serialNumber: "DMPXK2ABCDEF" },
      { serialNumber: "dmpxk2 abcdef" },
      { deviceName: "Leeds iPad 0042" },
      { serialNumber: "DMPXK2ABCDEF", detectedApp: "0000000d1d5d" },
      { serialNumber: "DMPXK2ABCDEF", user: "j.doe@contoso.example" },
      { id: DEVICE_ID },
      { deviceRunState: { script: "s", runState: "r" } },
    );
    const spoiltOne = fc
      .tuple(device, fc.boolean())
      .map(([one, fits]) => ({ ...JSON.parse(one), ...(fits ? { serialNumber: "DMPXK2ABCDEF" } : {}) }));
    const named = fc.oneof(spoiltOne, fc.constant(managedDevice()));
    const page = fc.record(
      { value: fc.oneof({ weight: 5, arbitrary: fc.array(named, { maxLength: 3 }) }, junk), "@odata.count": junk },
      { requiredKeys: ["value"] },
    );
    await check(
      fc.tuple(selector, fc.array(fc.oneof(page, named), { minLength: 1, maxLength: 4 })),
      async ([wanted, bodies]) => {
        const graph = graphSaying((_, index) => ({ status: 200, body: JSON.stringify(bodies[index % bodies.length]) }));

        const found = await outcomeOf(resolveAll(graph, [wanted]));

        if (found instanceof GraphReadError) return false;
        const [devices = []] = found;
        expect(new Set(devices.map(({ id }) => id.toLowerCase())).size).toBe(devices.length);
        expect(devices.filter(({ id }) => !isAddressable({ kind: "managedDevices" }, id))).toEqual([]);
        expect(devices.filter((one) => !fits(one, wanted))).toEqual([]);
        return devices.length > 0;
      },
      250,
    );
  });

  test("a link to the next page leads to the same list of the same Graph, and to nobody else, however often", async () => {
    const path = "/v1.0/deviceManagement/managedDevices";
    const links = fc.oneof(
      fc.constantFrom<() => unknown>(
        () => `${server.url}${path}?$skiptoken=1`,
        () => `${stranger.url}${path}?$skiptoken=1`,
        () => `${server.url}/v1.0/users`,
        () => `${server.url}${path}/../users`,
        () => `//evil.example${path}`,
        () => `https://graph.microsoft.com@evil.example${path}`,
        () => `https://evil.example${path}#@127.0.0.1`,
        () => `javascript:alert(1)`,
        () => path,
        () => `${server.url}${path}?$select=id&@odata.nextLink=${stranger.url}`,
      ),
      junk.map((value) => () => value),
    );
    await check(
      fc.array(links, { minLength: 1, maxLength: 3 }),
      async (chosen) => {
        const before = server.requests.length;
        const pageWith = (index: number) => ({
          value: [managedDevice({ serialNumber: "OTHER" })],
          "@odata.nextLink": chosen[index % chosen.length]?.(),
        });
        const graph = graphSaying((_, index) => ({ status: 200, body: JSON.stringify(pageWith(index)) }));

        await outcomeOf(resolveAll(graph, [{ serialNumber: "DMPXK2ABCDEF" }]));

        const targets = server.requests.slice(before).map(({ target }) => target.split("?", 1)[0]);
        expect(targets.filter((target) => target !== path)).toEqual([]);
        expect(targets.length).toBeLessThanOrEqual(LIMITS.endlessPages + 2);
        expect(stranger.requests).toEqual([]);
        return targets.length > 2;
      },
      80,
    );
  });

  test("how an approval stands is one of the known words, of the request that was asked about", async () => {
    const id = "0f0e0d0c-1111-4222-8333-444444444444";
    const entry = fc.record({
      requestId: fc.oneof({ weight: 4, arbitrary: fc.constant<unknown>(id) }, junk),
      status: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom<unknown>("approved", "rejected", "expired", "toString", "__proto__", "constructor") },
        junk,
      ),
      approvalJustification: fc.oneof(hostileText, junk),
    });
    const body = fc
      .oneof(
        { weight: 3, arbitrary: fc.record({ value: fc.oneof({ weight: 4, arbitrary: fc.array(entry, { maxLength: 3 }) }, junk) }) },
        junk,
      )
      .map((value) => JSON.stringify(value));
    await check(
      body,
      async (said) => {
        const state = await outcomeOf(graphSaying(() => ({ status: 200, body: said })).actions.approval(id));

        if (state instanceof GraphReadError) return false;
        if (state.kind !== "unknown") expect(said).toContain(id);
        if (state.kind === "refused") expect(state.detail).toMatch(/^(another administrator|the approval|the request)[^\p{Cc}]*$/u);
        return state.kind !== "unknown";
      },
      200,
    );
  });
});

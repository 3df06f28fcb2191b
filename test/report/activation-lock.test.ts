import { afterEach, describe, expect, test } from "@jest/globals";
import type { ManagedDevice } from "../../providers/domain/managed-device.ts";
import { canHoldLock } from "../../report/activation-lock/can-hold-lock.ts";
import { setUpSince } from "../../report/activation-lock/find-escrow.ts";
import { makeReport } from "../../report/activation-lock/make-report.ts";
import { tellTotals } from "../../report/activation-lock/totals.ts";
import { DEVICE_ID, graphAt, managedDevice } from "../graph/graph-fixture.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { escrowed } from "../support/fakes-records.ts";
import { startScriptedServer } from "../support/scripted-server.ts";
import { leaksIn } from "../support/secrets.ts";
import { closeEmulators, deviceOf, ipads, NOW, tenant } from "./report-fixture.ts";

afterEach(closeEmulators);

const ELSE = [
  { serialNumber: "PERSONAL", operatingSystem: "iOS", isSupervised: false, managedDeviceOwnerType: "personal" },
  { serialNumber: "DROID", operatingSystem: "Android" },
  { serialNumber: "WINDOWS", operatingSystem: "Windows" },
  { serialNumber: "OWNMAC", operatingSystem: "macOS", isSupervised: false, deviceEnrollmentType: "userEnrollment" },
];

describe("which devices are in it", () => {
  const UNTOLD = { isSupervised: null, deviceEnrollmentType: null };

  test.each<[string, boolean, Partial<ManagedDevice>]>([
    ["a supervised iPhone", true, { operatingSystem: "iOS", isSupervised: true }],
    ["a supervised iPad", true, { operatingSystem: "iPadOS", isSupervised: true }],
    ["an iPad of which nobody knows whether it is supervised", true, { operatingSystem: "iPadOS", isSupervised: null }],
    ["an iPad that is not supervised", false, { operatingSystem: "iPadOS", isSupervised: false }],
    ["a Mac enrolled in bulk", true, { operatingSystem: "macOS", isSupervised: false, deviceEnrollmentType: "appleBulkWithoutUser" }],
    ["a Mac that its user enrolled", false, { operatingSystem: "macOS", isSupervised: false, deviceEnrollmentType: "userEnrollment" }],
    ["a Mac of which nothing is known", true, { operatingSystem: "macOS", ...UNTOLD }],
    ["a device of which nothing is known", true, { operatingSystem: null, ...UNTOLD }],
    ["a device without a system that is not supervised", false, { operatingSystem: null, isSupervised: false }],
    ["an Apple TV", false, { operatingSystem: "tvOS", isSupervised: true }],
    ["a Windows laptop", false, { operatingSystem: "Windows", ...UNTOLD }],
  ])("%s: %s", (_, isIn, device) => {
    expect(canHoldLock({ ...IPAD, ...device })).toBe(isIn);
  });

  test("those of a platform: no code of another is read", async () => {
    const { report, emulator } = await tenant([
      { serialNumber: "PHONE", operatingSystem: "iOS", isSupervised: true },
      { serialNumber: "PAD", operatingSystem: "iPadOS", isSupervised: true },
      // Some tenants still say iOS for an iPad.
      { serialNumber: "OLDPAD", operatingSystem: "iOS", model: "iPad Pro 11", isSupervised: true },
      { serialNumber: "UNTOLD", operatingSystem: "HarmonyOS", isSupervised: true },
    ]);

    const { devices, totals } = await report([], { platforms: ["iPadOS"] });

    expect(devices.map(({ serialNumber }) => serialNumber)).toEqual(["OLDPAD", "PAD"]);
    expect(totals.canHaveLock).toBe(2);
    expect(emulator.requests.filter(({ kind }) => kind === "readCode").map(({ serialNumber }) => serialNumber)).toEqual(["PAD", "OLDPAD"]);
  });
});

describe("what it asks of Graph", () => {
  test.each([
    [3, 1, 1],
    [21, 1, 2],
    [996, 1, 50],
    [1_000, 2, 50],
  ])(
    "of %i devices that can have the lock, and four that cannot: %i pages, %i calls for codes, and nothing else",
    async (number, pages, calls) => {
      const { report, emulator, graph } = await tenant([...ELSE, ...ipads(number)]);

      const { totals } = await report();

      expect(totals).toMatchObject({ canHaveLock: number, present: number, none: 0, unreadable: 0 });
      expect(emulator.requests.filter(({ kind }) => kind === "list")).toHaveLength(pages);
      expect(emulator.requests.filter(({ kind }) => kind === "readCode")).toHaveLength(number);
      expect(graph.requestCount()).toBe(pages + calls);
      expect(emulator.actionCalls).toEqual([]);
    },
  );

  test("no code at all with --without-codes", async () => {
    const { report, emulator } = await tenant(ipads(3));

    const made = await report([], { withCodes: false });

    expect(made.devices.map(({ code }) => code)).toEqual(["notAsked", "notAsked", "notAsked"]);
    expect(emulator.requests.map(({ kind }) => kind)).toEqual(["list"]);
    expect(tellTotals(made)).toEqual(["3 devices can have the lock: codes were not asked for; 0 escrowed"]);
  });

  test("says how far it is", async () => {
    const { report, graph } = await tenant(ipads(45));

    await report();

    expect(graph.progress.at(-1)).toBe("looked for the codes of 45 of 45 devices");
  });
});

describe("codes", () => {
  test("are present or not, and no form of one is in the report", async () => {
    const { report, emulator, escrowOf } = await tenant([
      ...ipads(2),
      { serialNumber: "NOCODE", operatingSystem: "iPadOS", isSupervised: true, activationLockBypassCode: null },
    ]);
    const codes = emulator.devices().flatMap(({ bypassCode }) => bypassCode ?? []);

    const made = await report([escrowOf("PAD0000")]);

    expect(made.devices.map(({ code }) => code)).toEqual(["none", "present", "present"]);
    expect(codes).toHaveLength(2);
    expect(leaksIn(JSON.stringify(made), codes)).toEqual([]);
    expect(JSON.stringify(made)).not.toContain(escrowOf("PAD0000").fingerprint);
  });

  test("that cannot be read are told at their device, and the others are read all the same", async () => {
    const { report, emulator } = await tenant(ipads(4));
    emulator.setFault({ device: "PAD0000", call: "readCode", effect: { kind: "status", status: 403 } });
    emulator.setFault({ device: "PAD0001", call: "readCode", effect: { kind: "gone" } });
    emulator.setFault({ device: "PAD0002", call: "readCode", effect: { kind: "status", status: 500, message: "code 12345-67890" } });

    const made = await report();

    expect(made.devices.map(({ code }) => code)).toEqual(["unreadable", "unreadable", "unreadable", "present"]);
    expect(made.devices.map(({ problem }) => problem)).toEqual([
      "Graph did not give the Activation Lock bypass code of a device: 403 (not allowed)",
      "Graph does not know the device: it may have left while the report was made",
      "Graph did not give the Activation Lock bypass code of a device: 500 (internal error)",
      null,
    ]);
    expect(tellTotals(made)[0]).toBe("4 devices can have the lock: 1 code present, 0 no code, 3 could not be read; 0 escrowed");
  });

  test("are asked for no further where Graph refuses the first twenty", async () => {
    const { report, emulator } = await tenant(ipads(100));
    emulator.setFault({ call: "readCode", effect: { kind: "status", status: 403 } });

    const { totals } = await report();

    expect(totals).toMatchObject({ canHaveLock: 100, unreadable: 100 });
    // Each of the twenty is asked for once more by itself.
    expect(emulator.requests.filter(({ kind }) => kind === "readCode")).toHaveLength(40);
  });

  test("are read in the end where Graph throttles", async () => {
    const { report, emulator, graph } = await tenant(ipads(60));
    emulator.setFault({ call: "batch", nth: 2, effect: { kind: "status", status: 429, retryAfter: 7 } });
    emulator.setFault({ call: "readCode", batched: true, nth: 3, effect: { kind: "status", status: 429 } });

    const { totals } = await report();

    expect(totals).toMatchObject({ present: 60, unreadable: 0 });
    expect(graph.clock.slept).toContain(7_000);
  });

  test("are told as unreadable where Graph throttles for good, and it is not asked on and on", async () => {
    const { report, emulator } = await tenant(ipads(1_000));
    emulator.setFault({
      call: "batch",
      nth: Array.from({ length: 500 }, (_, index) => index + 2),
      effect: { kind: "status", status: 429 },
    });

    const { totals } = await report();

    expect(totals).toMatchObject({ present: 20, unreadable: 980 });
    expect(emulator.requests.filter(({ kind }) => kind === "batch").length).toBeLessThan(40);
  });

  test.each<[string, object, string]>([
    ["of another device", { id: "a1b2c3d4-0000-4000-8000-00000000000f", activationLockBypassCode: null }, "another device than the one"],
    ["without the property", { id: DEVICE_ID }, "activationLockBypassCode should be"],
    ["with a mask in place of a code", { id: DEVICE_ID, activationLockBypassCode: "***" }, "activationLockBypassCode should be"],
    ["of the same device in capitals", { id: DEVICE_ID.toUpperCase(), activationLockBypassCode: null }, ""],
  ])("an answer %s counts as unreadable, where it is not the device's own", async (_, body, problem) => {
    const server = await startScriptedServer([{ status: 200, body }]);

    const [found] = await graphAt(server.url).fleet.lookAtCodes([DEVICE_ID], (code) => code);
    await server.close();

    if (problem === "") expect(found).toBeNull();
    else expect(found).toMatchObject({ message: expect.stringContaining(problem) });
  });
});

test("an entry of the list that cannot be read is in the report, with what it shows; one on two pages is once", async () => {
  const odd = managedDevice({ id: "a1b2c3d4-0000-4000-8000-00000000000f", serialNumber: "ODD", isSupervised: "perhaps" });
  const list = "/v1.0/deviceManagement/managedDevices";
  const server = await startScriptedServer(({ target, headers }) => {
    if (target.includes("activationLockBypassCode")) return { status: 200, body: { id: DEVICE_ID, activationLockBypassCode: null } };
    const next = target.includes("page=2") ? {} : { "@odata.nextLink": `http://${headers.host}${list}?page=2` };
    return { status: 200, body: { value: target.includes("page=2") ? [managedDevice()] : [managedDevice(), odd], ...next } };
  });
  const { fleet } = graphAt(server.url);

  const made = await makeReport({ fleet, fingerprint: () => null }, [], { where: "", platforms: [], withCodes: true, now: NOW });
  await server.close();

  expect(made.devices.map(({ serialNumber, code }) => [serialNumber, code])).toEqual([
    ["DMPXK2ABCDEF", "none"],
    ["ODD", "unreadable"],
  ]);
  expect(made.devices[1]).toMatchObject({ id: odd.id, deviceName: "Leeds iPad 0042", platform: null });
  expect(made.devices[1]?.problem).toContain("isSupervised should be true or false");
  expect(made.totals).toMatchObject({ canHaveLock: 2, none: 1, unreadable: 1 });
});

describe("escrow", () => {
  test("is told with reference, age and request, by the newest record", async () => {
    const { report, escrowOf } = await tenant(ipads(2));
    const old = escrowOf("PAD0000", { reference: "file:escrow/old", at: "2026-03-01T12:00:00.000Z" });
    const fresh = escrowOf("PAD0000", { at: "2026-11-15T11:00:00.000Z", key: "summer/PAD0000#1" });
    const passcode = escrowOf("PAD0001", { secret: "passcode", fingerprint: null });

    const made = await report([old, fresh, passcode]);

    expect(deviceOf(made, "PAD0000").escrow).toEqual({
      reference: "file:escrow/PAD0000",
      capturedAt: "2026-11-15T11:00:00.000Z",
      ageDays: 12,
      request: "summer/PAD0000#1",
      stale: null,
    });
    expect(deviceOf(made, "PAD0001").escrow).toBeNull();
    expect(tellTotals(made)[0]).toBe("2 devices can have the lock: 2 code present, 0 no code; 1 escrowed, 0 of them stale");
  });

  test.each([
    ["its id stays", true],
    ["it has another id", false],
  ])("is stale when the device was set up since, whether %s", async (_, keepId) => {
    const { report, escrowOf, emulator } = await tenant(ipads(1));
    const record = escrowOf("PAD0000");
    emulator.reenrol("PAD0000", { keepId });

    const made = await report([record]);

    expect(deviceOf(made, "PAD0000").escrow).toMatchObject({ reference: "file:escrow/PAD0000", stale: "setUpSince" });
  });

  test("is stale when Intune holds another code, and where no fingerprint tells, it is not called so", async () => {
    const { report, escrowOf, emulator } = await tenant(ipads(2));
    const records = [escrowOf("PAD0000"), escrowOf("PAD0001", { fingerprint: null })];
    emulator.rotateCode("PAD0000");
    emulator.rotateCode("PAD0001");

    const made = await report(records);

    expect(made.devices.map(({ escrow }) => escrow?.stale)).toEqual(["otherCode", null]);
    expect(made.totals).toMatchObject({ escrowed: 2, stale: 1 });
  });

  test.each([
    ["2026-01-12T09:00:00.000Z", "setUpSince"],
    ["2026-01-12T10:00:00.000Z", null],
  ])("of a record without the enrolment, captured at %s while the device was enrolled at 09:30, is %s", async (at, stale) => {
    const { report, escrowOf } = await tenant(ipads(1));
    const record = escrowOf("PAD0000");

    const made = await report([{ ...record, at, device: { ...record.device, enrolledDateTime: null } }]);

    expect(deviceOf(made, "PAD0000").escrow?.stale).toBe(stale);
  });

  test.each<[string | null, string | null, string | null]>([
    ["2026-01-12T09:30:00Z", "2026-01-12T09:30:00.000Z", null],
    ["2026-01-12T09:30:00Z", "2026-01-12T09:30:01.000Z", "setUpSince"],
    ["2026-01-12T09:30:00Z", null, null],
    [null, null, null],
  ])("of an enrolment of %s is, for a device enrolled at %s, %s", (then, enrolledDateTime, stale) => {
    const device = { id: IPAD.id, serialNumber: null, enrolledDateTime };

    expect(setUpSince(escrowed(0, { device: { ...device, enrolledDateTime: then } }), device)).toBe(stale);
  });

  test("of one of two devices with one serial number is not the other's, and both are told", async () => {
    const { report, emulator } = await tenant([
      { id: "a1b2c3d4-0000-4000-8000-000000000001", serialNumber: "TWICE", operatingSystem: "iPadOS", isSupervised: true },
      { id: "a1b2c3d4-0000-4000-8000-000000000002", serialNumber: "TWICE", operatingSystem: "iPadOS", isSupervised: true },
      { id: "a1b2c3d4-0000-4000-8000-000000000003", serialNumber: "0", operatingSystem: "iPadOS", isSupervised: true },
      { id: "a1b2c3d4-0000-4000-8000-000000000004", serialNumber: "0", operatingSystem: "iPadOS", isSupervised: true },
    ]);
    const [first = "", second = ""] = emulator.devices().map(({ id }) => id);
    const record = escrowed(0, { device: { id: first, serialNumber: "TWICE", enrolledDateTime: null }, fingerprint: null });

    const made = await report([record]);

    expect(made.devices.map(({ id, escrow, sharesSerialNumber }) => [id, escrow !== null, sharesSerialNumber])).toEqual([
      [expect.any(String), false, false],
      [expect.any(String), false, false],
      [first, true, true],
      [second, false, true],
    ]);
    expect(tellTotals(made)).toContain("2 share a serial number with another of them");
  });

  test("of a generic serial number says nothing about a device that has it too", async () => {
    const { report, escrowOf } = await tenant([{ serialNumber: "0", operatingSystem: "iPadOS", isSupervised: true }]);
    const record = escrowOf("0");

    const made = await report([{ ...record, device: { ...record.device, id: "a1b2c3d4-0000-4000-8000-00000000000f" } }]);

    expect(made.devices[0]?.escrow).toBeNull();
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readDeviceFile, readFaultFile, readTokenFile } from "../../emulator/graph/input-file.ts";
import { startEmulator } from "../../emulator/graph/start-emulator.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { get } from "./support/graph-client.ts";
import { emulators } from "./support/with-emulator.ts";

const start = emulators();
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "emulator-files-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string, name = "devices.json"): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const DEVICE = { serialNumber: "FROMFILE0001", operatingSystem: "iPadOS" };

describe("a device file", () => {
  test.each([
    ["a list", JSON.stringify([DEVICE])],
    [
      "an answer of Graph's",
      JSON.stringify({ "@odata.context": "x", value: [{ "@odata.type": "#microsoft.graph.managedDevice", ...DEVICE }] }),
    ],
    ["a list under devices", JSON.stringify({ devices: [DEVICE] })],
    ["YAML", "devices:\n  - serialNumber: FROMFILE0001 # the only one\n    operatingSystem: iPadOS\n"],
  ])("can be %s", async (_what, text) => {
    const emulator = await start({ devices: readDeviceFile(file(text)) });

    expect(emulator.devices()).toMatchObject([{ serialNumber: "FROMFILE0001", bypassCode: expect.any(String) }]);
  });

  test("keeps what it says, and gets plausible values for the rest", async () => {
    const given = {
      id: "8a7d0f00-0000-4000-8000-00000000aaaa",
      serialNumber: "FROMFILE0002",
      deviceName: "Depot iPad",
      activationLockBypassCode: "AAAAA-BBBBB-CCCC-DDDD-EEEE-FFFF",
      enrolledDateTime: "2025-03-01T08:00:00Z",
      managementState: "unhealthy",
      deviceActionResults: [{ actionName: "rebootNow", actionState: "done", startDateTime: null, lastUpdatedDateTime: null }],
    };
    const emulator = await start({ devices: readDeviceFile(file(JSON.stringify([given]))) });

    const answer = await get(emulator, `/beta/deviceManagement/managedDevices/${given.id}`);

    expect(answer.body).toMatchObject({ ...given, activationLockBypassCode: null, isSupervised: true, operatingSystem: "iOS" });
    expect(emulator.device("FROMFILE0002")).toMatchObject({ bypassCode: given.activationLockBypassCode, activationLock: true });
  });

  test.each([
    [{ operatingSystem: "iOS" }, { isSupervised: true }, true],
    [{ operatingSystem: "iOS", managedDeviceOwnerType: "personal" }, { isSupervised: false }, false],
    [{ operatingSystem: "iPadOS", deviceEnrollmentType: "userEnrollment" }, { isSupervised: false }, false],
    [{ operatingSystem: "iPadOS", isSupervised: false }, { isSupervised: false }, false],
    [{ operatingSystem: "iPadOS", activationLockBypassCode: null }, { isSupervised: true }, false],
    [{ model: "MacBook Pro" }, { operatingSystem: "macOS", deviceEnrollmentType: "appleBulkWithUser" }, true],
    [{ model: "iPad mini" }, { operatingSystem: "iPadOS" }, true],
    [{ operatingSystem: "Android" }, { isSupervised: false, manufacturer: "samsung" }, false],
    [{ operatingSystem: "Windows" }, { deviceEnrollmentType: "windowsAzureADJoin" }, false],
    [{ operatingSystem: "ChromeOS" }, { isSupervised: false }, false],
    [{ userPrincipalName: null }, { userId: null, emailAddress: null }, true],
  ])("device %j is filled in as %j", async (given, filled, hasCode) => {
    const emulator = await start({ devices: [{ serialNumber: "FILLEDIN0001", ...given }] });

    const device = emulator.device("FILLEDIN0001");

    expect(device.managedDevice).toMatchObject(filled);
    expect(device.bypassCode !== null).toBe(hasCode);
  });

  test("gives the same ids and codes every time", async () => {
    const first = await start();
    const second = await start();

    const names = (emulator: typeof first) => emulator.devices().map(({ id, bypassCode }) => [id, bypassCode]);

    expect(names(first)).toEqual(names(second));
    expect(new Set(names(first).map(([id]) => id)).size).toBe(12);
  });

  test("can start with an action that is under way", async () => {
    const emulator = await start({ devices: [{ serialNumber: "BUSYDEVICE01", "x-emulator": { pendingActions: ["wipe"] } }] });

    expect(emulator.device("BUSYDEVICE01")).toMatchObject({
      received: [{ action: "wipe", source: "elsewhere" }],
      results: [{ actionState: "pending" }],
    });
  });
});

describe("a mistake in a file is told with the file's name and every place", () => {
  test.each([
    ["not well-formed", "[{", /is not well-formed/],
    ["no list", '{"devices": {}}', /must hold a list/],
    ["a device that is a text", '["x"]', /item 1: a device must be a mapping/],
    ["a device without a name", '[{"deviceName": "x"}]', /item 1: needs a serialNumber or an id/],
    [
      "an unknown property",
      '[{"serialnumber": "A", "id": "b"}]',
      /item 1 \(b\): managedDevice has no property "serialnumber" \(did you mean "serialNumber"\?\)/,
    ],
    ["a wrong type", '[{"serialNumber": "A", "isSupervised": "yes"}]', /item 1 \(A\): isSupervised must be true or false/],
    ["a wrong time", '[{"serialNumber": "A", "enrolledDateTime": "yesterday"}]', /enrolledDateTime must be a time/],
    ["a wrong result", '[{"serialNumber": "A", "deviceActionResults": [{"actionName": "wipe"}]}]', /needs actionName, and actionState/],
    [
      "an unknown setting",
      '[{"serialNumber": "A", "x-emulator": {"checkindelayMs": 1}}]',
      /unknown key "checkindelayMs" \(did you mean "checkInDelayMs"\?\)/,
    ],
    ["an unknown action", '[{"serialNumber": "A", "x-emulator": {"results": {"wipee": "done"}}}]', /x-emulator: results: "wipee" must be/],
  ])("%s", (_what, text, message) => {
    const path = file(text);

    const read = () => readDeviceFile(path);

    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(message);
    expect(read).toThrow(path);
  });

  test("all mistakes are told at once", () => {
    const path = file('[{"serialNumber": "A", "isSupervised": 1}, {"serialNumber": "B", "model": 2}]');

    expect(() => readDeviceFile(path)).toThrow(/item 1 .*\n.*item 2/);
  });

  test("a missing file and a folder", () => {
    expect(() => readDeviceFile(join(folder, "nowhere.json"))).toThrow(/nowhere\.json: cannot be read \(ENOENT\)/);
    expect(() => readDeviceFile(folder)).toThrow(/cannot be read \(EISDIR\)/);
  });

  test("two devices of one id", async () => {
    const devices = [
      { id: "A", serialNumber: "1" },
      { id: "a", serialNumber: "2" },
    ];

    await expect(startEmulator({ devices })).rejects.toThrow(/two emulated devices have the id/);
  });
});

test("a file of faults is read", () => {
  const path = file(
    "- device: DMPXK2ABCDEF\n  call: [wipe, retire]\n  nth: [1, 2]\n  effect: { kind: status, status: 503, body: html }\n",
    "faults.yaml",
  );

  expect(readFaultFile(path)).toEqual([
    { device: "DMPXK2ABCDEF", call: ["wipe", "retire"], nth: [1, 2], effect: { kind: "status", status: 503, body: "html" } },
  ]);
  expect(() => readFaultFile(file('[{"effect": {"kind": "slow"}}]', "faults.json"))).toThrow(/delayMs/);
});

test("a file of tokens is read", () => {
  const token = { token: "t", kind: "delegated", permissions: ["A.B"], expiresAt: "2027-01-01T00:00:00Z" };

  expect(readTokenFile(file(JSON.stringify({ tokens: [token] }), "tokens.json"))).toEqual([token]);
  expect(() => readTokenFile(file('[{"token": "t"}]', "tokens.json"))).toThrow(/kind/);
});

import { describe, expect, test } from "@jest/globals";
import type { Emulator } from "../../emulator/graph/start-emulator.ts";
import { call, devicePath, get, post } from "./support/graph-client.ts";
import { emulators } from "./support/with-emulator.ts";

const start = emulators();

const IPAD = "DMPXK2ABCDEF";
const WINDOWS = "PF3XK2WINDOW";
const HOUR = 3_600_000;

/** `action`: its name, with the version of Graph before it where that is not beta. */
async function act(emulator: Emulator, serial: string, action: string, body?: unknown): Promise<number> {
  const [name = "", version = "beta"] = action.split("/").reverse();
  return (await post(emulator, devicePath(emulator, serial, `/${name}`, version), body)).status;
}

function resultNames(emulator: Emulator, serial: string): readonly unknown[] {
  return emulator.device(serial).results.map(({ actionName }) => actionName);
}

describe("an action that is done shows", () => {
  test("as a new name", async () => {
    const emulator = await start({ checkInDelayMs: HOUR });

    await act(emulator, IPAD, "setDeviceName", { deviceName: "LEEDS-0042" });
    const before = emulator.device(IPAD).managedDevice.deviceName;
    emulator.checkIn(IPAD);

    expect([before, emulator.device(IPAD).managedDevice.deviceName]).toEqual(["Leeds iPad 0042", "LEEDS-0042"]);
  });

  test("as lost mode, which only beta tells", async () => {
    const emulator = await start({ checkInDelayMs: 0 });
    const states: unknown[] = [];

    for (const [action, body] of [["enableLostMode", { message: "Please return" }], ["disableLostMode"]] as const) {
      await act(emulator, IPAD, action, body);
      states.push((await get(emulator, devicePath(emulator, IPAD, "?$select=lostModeState", "beta"))).body.lostModeState);
    }

    expect(states).toEqual(["enabled", "disabled"]);
    expect((await get(emulator, devicePath(emulator, IPAD))).body).not.toHaveProperty("lostModeState");
  });

  test("as a place, once the device has told it", async () => {
    const emulator = await start({ checkInDelayMs: HOUR });

    await act(emulator, WINDOWS, "locateDevice");
    const before = emulator.device(WINDOWS).results;
    emulator.checkIn(WINDOWS);

    expect(before).toMatchObject([{ actionName: "locateDevice", actionState: "pending", deviceLocation: null }]);
    expect(emulator.device(WINDOWS).results).toMatchObject([{ actionState: "done", deviceLocation: { latitude: 53.7974 } }]);
  });

  test("as a device that is gone at once, without a check-in", async () => {
    const emulator = await start({ checkInDelayMs: HOUR });
    const path = devicePath(emulator, IPAD);

    const deleted = await call(emulator, "DELETE", path);

    expect([deleted.status, (await get(emulator, path)).status, (await call(emulator, "DELETE", path)).status]).toEqual([204, 404, 404]);
    expect(emulator.device(IPAD)).toMatchObject({ present: false, received: [{ action: "delete" }] });
  });

  test("under the names that Intune uses", async () => {
    const emulator = await start();

    await act(emulator, WINDOWS, "windowsDefenderScan", { quickScan: true });
    await act(emulator, WINDOWS, "windowsDefenderScan", { quickScan: false });
    await act(emulator, WINDOWS, "wipe", { keepEnrollmentData: true });

    expect(resultNames(emulator, WINDOWS)).toEqual(["quickScan", "fullScan", "factoryResetKeepEnrollmentData"]);
  });
});

test("a request for logs is answered with what was made, and reports nothing on the device", async () => {
  const emulator = await start({ checkInDelayMs: 0 });
  const path = devicePath(emulator, WINDOWS, "/createDeviceLogCollectionRequest", "beta");

  const answer = await post(emulator, path, { templateType: { templateType: "predefined" } });

  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ status: "pending", managedDeviceId: emulator.device(WINDOWS).id });
  expect(resultNames(emulator, WINDOWS)).toEqual([]);
});

describe("a body is held against the table", () => {
  test.each([
    ["beta", "setDeviceName", undefined],
    ["beta", "setDeviceName", {}],
    ["beta", "setDeviceName", { deviceName: "two words" }],
    ["beta", "triggerConfigurationManagerAction", { configurationManagerAction: { action: "format" } }],
    ["v1.0", "windowsDefenderScan", undefined],
    ["v1.0", "wipe", { obliterationBehavior: "default" }],
    ["v1.0", "wipe", { useProtectedWipe: true }],
    ["v1.0", "setDeviceName", { deviceName: "LEEDS-0042" }],
  ])("%s refuses %s with %j", async (version, action, body) => {
    const emulator = await start();

    expect(await act(emulator, WINDOWS, `${version}/${action}`, body)).toBe(400);
    expect(emulator.device(WINDOWS).received).toEqual([]);
  });

  test("beta takes the parameters that only beta has", async () => {
    const emulator = await start();

    expect(await act(emulator, WINDOWS, "wipe", { useProtectedWipe: true, keepUserData: false })).toBe(204);
  });
});

test.each([
  ["tvOS", false, "notSupported"],
  ["tvOS", true, "done"],
  ["macOS", false, "done"],
])("a restart of %s, supervised %s, ends as %s", async (operatingSystem, isSupervised, actionState) => {
  const emulator = await start({
    checkInDelayMs: 0,
    devices: [{ serialNumber: "S1", operatingSystem, isSupervised, deviceEnrollmentType: "userEnrollment" }],
  });

  await act(emulator, "S1", "rebootNow");

  expect(emulator.device("S1").results).toMatchObject([{ actionState }]);
});

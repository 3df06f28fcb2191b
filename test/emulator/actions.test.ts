import { request } from "node:http";
import { describe, expect, test } from "@jest/globals";
import type { Emulator } from "../../emulator/graph/start-emulator.ts";
import { type Answer, devicePath, get, post } from "./support/graph-client.ts";
import { emulators, testClock } from "./support/with-emulator.ts";

const start = emulators();

const IPAD = "DMPXK2ABCDEF";
const PERSONAL = "F2LXK2PERS01";
const MAC = "C02XK2MACBK1";
const ANDROID = "R58XK2DROID1";
const ANDROID_WITHOUT_POLICY = "R58XK2DROID2";
const WINDOWS = "PF3XK2WINDOW";

function read(emulator: Emulator, serial: string): Promise<Answer> {
  return get(emulator, devicePath(emulator, serial, "?$select=id,managementState,deviceActionResults"));
}

function act(emulator: Emulator, serial: string, action: string, body?: unknown): Promise<Answer> {
  return post(emulator, devicePath(emulator, serial, `/${action}`), body);
}

describe("an accepted action", () => {
  test("goes from pending over active to done as the clock goes on", async () => {
    const time = testClock();
    const emulator = await start({ clock: time.clock, checkInDelayMs: 1000 });

    const accepted = await act(emulator, IPAD, "bypassActivationLock");
    const states: unknown[] = [];
    for (const pause of [0, 499, 1, 499, 1]) {
      time.advance(pause);
      const { deviceActionResults } = (await read(emulator, IPAD)).body;
      states.push(deviceActionResults[0].actionState);
    }
    const [result] = (await read(emulator, IPAD)).body.deviceActionResults;

    expect([accepted.status, accepted.text]).toEqual([204, ""]);
    expect(states).toEqual(["pending", "pending", "active", "active", "done"]);
    expect(result).toEqual({
      actionName: "bypassActivationLock",
      actionState: "done",
      startDateTime: "2026-11-20T12:00:00.0000000Z",
      lastUpdatedDateTime: "2026-11-20T12:00:01.0000000Z",
    });
    expect(emulator.device(IPAD).activationLock).toBe(false);
  });

  test("leaves one result per name, with a start that grows even when the clock stands still", async () => {
    const time = testClock();
    const emulator = await start({ clock: time.clock });

    await act(emulator, IPAD, "remoteLock");
    const { results: first } = emulator.device(IPAD);
    await act(emulator, IPAD, "remoteLock");
    const { results } = emulator.device(IPAD);

    expect(first).toMatchObject([{ startDateTime: "2026-11-20T12:00:00.0000000Z" }]);
    expect(results).toMatchObject([{ startDateTime: "2026-11-20T12:00:00.0000001Z" }]);
    expect(emulator.device(IPAD).received).toHaveLength(2);
  });

  test("records who asked and with what parameters", async () => {
    const emulator = await start();
    const headers = { "client-request-id": "77f3c9d2-0000-4000-8000-000000000001" };

    await post(emulator, devicePath(emulator, IPAD, "/wipe"), { persistEsimDataPlan: true }, { headers });
    emulator.act(IPAD, "retire");

    expect(emulator.device(IPAD).received).toMatchObject([
      { action: "wipe", parameters: { persistEsimDataPlan: true }, clientRequestId: headers["client-request-id"], source: "graph" },
      { action: "retire", parameters: {}, clientRequestId: null, source: "elsewhere" },
    ]);
  });

  test.each(["failed", "notSupported", "canceled"] as const)("can end as %s, by the device's settings", async (state) => {
    const emulator = await start({
      checkInDelayMs: 0,
      devices: [{ serialNumber: "ENDSBADLY001", "x-emulator": { results: { wipe: state } } }],
    });
    const { bypassCode } = emulator.device("ENDSBADLY001");

    await act(emulator, "ENDSBADLY001", "wipe");

    expect((await read(emulator, "ENDSBADLY001")).body).toMatchObject({ deviceActionResults: [{ actionState: state }] });
    expect(emulator.device("ENDSBADLY001")).toMatchObject({ present: true, erased: 0, bypassCode });
  });

  test("can stay pending for good, until the device checks in", async () => {
    const time = testClock();
    const emulator = await start({
      clock: time.clock,
      devices: [{ serialNumber: "NEVERREPORTS", "x-emulator": { results: { retire: "never" } } }],
    });

    await act(emulator, "NEVERREPORTS", "retire");
    time.advance(30 * 24 * 3600 * 1000);
    const late = (await read(emulator, "NEVERREPORTS")).body;
    emulator.checkIn("NEVERREPORTS");

    expect(late).toMatchObject({ managementState: "retirePending", deviceActionResults: [{ actionState: "pending" }] });
    expect(emulator.device("NEVERREPORTS").present).toBe(false);
  });
});

describe("wipe", () => {
  test("takes the code away at once and the device out of Intune when it is done", async () => {
    const time = testClock();
    const emulator = await start({ clock: time.clock, checkInDelayMs: 1000 });
    const code = devicePath(emulator, IPAD, "?$select=activationLockBypassCode");

    await act(emulator, IPAD, "wipe");
    const during = [(await read(emulator, IPAD)).body.managementState, (await get(emulator, code)).body.activationLockBypassCode];
    time.advance(500);
    const issued = (await read(emulator, IPAD)).body;
    time.advance(500);
    const after = await read(emulator, IPAD);

    expect(during).toEqual(["wipePending", null]);
    expect(issued).toMatchObject({
      managementState: "wipeIssued",
      deviceActionResults: [{ actionName: "factoryReset", actionState: "active" }],
    });
    expect(after.status).toBe(404);
    expect(emulator.device(IPAD)).toMatchObject({ present: false, erased: 1, activationLock: true, bypassCode: null });
    expect((await act(emulator, IPAD, "wipe")).status).toBe(404);
    const list = await get(emulator, "/v1.0/deviceManagement/managedDevices?$select=serialNumber");
    expect(list.body.value).toHaveLength(11);
  });

  test("keeps a Windows device enrolled with keepEnrollmentData, and nothing else", async () => {
    const emulator = await start({ checkInDelayMs: 0 });

    await act(emulator, WINDOWS, "wipe", { keepEnrollmentData: true });
    await act(emulator, IPAD, "wipe", { keepEnrollmentData: true });

    expect(emulator.device(WINDOWS)).toMatchObject({ present: true, erased: 1 });
    expect(emulator.device(IPAD)).toMatchObject({ present: false, erased: 1 });
  });

  test("that is pending survives a device that leaves and enrols again", async () => {
    const time = testClock();
    const emulator = await start({ clock: time.clock, checkInDelayMs: 1000 });

    await act(emulator, IPAD, "wipe");
    emulator.remove(IPAD);
    emulator.reenrol(IPAD);
    const back = emulator.device(IPAD).present;
    time.advance(1000);

    expect(back).toBe(true);
    expect(emulator.device(IPAD)).toMatchObject({ present: false, erased: 1 });
  });
});

describe("the other actions", () => {
  test("retire takes the device out of Intune", async () => {
    const emulator = await start({ checkInDelayMs: 0 });

    await act(emulator, IPAD, "retire");

    expect((await read(emulator, IPAD)).status).toBe(404);
    expect(emulator.device(IPAD)).toMatchObject({ present: false, erased: 0 });
  });

  test("resetPasscode gives a new passcode on Android, in the result alone and for seven days", async () => {
    const time = testClock();
    const emulator = await start({ clock: time.clock, checkInDelayMs: 1000 });

    await act(emulator, ANDROID, "resetPasscode");
    const pending = (await read(emulator, ANDROID)).body.deviceActionResults[0];
    time.advance(1000);
    const done = (await read(emulator, ANDROID)).body.deviceActionResults[0];
    time.advance(7 * 24 * 3600 * 1000);
    const later = (await read(emulator, ANDROID)).body.deviceActionResults[0];

    expect(pending).toMatchObject({ actionState: "pending", passcode: null });
    expect(done).toMatchObject({
      "@odata.type": "#microsoft.graph.resetPasscodeActionResult",
      actionState: "done",
      passcode: expect.stringMatching(/^\d{8}$/),
    });
    expect(later).toMatchObject({ actionState: "done", passcode: null });
  });

  test("resetPasscode drops the passcode on iPadOS, and fails on Android without a policy", async () => {
    const emulator = await start({ checkInDelayMs: 0 });

    await act(emulator, IPAD, "resetPasscode");
    await act(emulator, ANDROID_WITHOUT_POLICY, "resetPasscode");

    const [ipad] = emulator.device(IPAD).results;
    const [android] = emulator.device(ANDROID_WITHOUT_POLICY).results;
    expect(ipad).toMatchObject({ actionName: "resetPasscode", actionState: "done" });
    expect(ipad).not.toHaveProperty("passcode");
    expect(android).toMatchObject({ actionState: "failed", passcode: null });
  });

  test("remoteLock gives a PIN on a Mac only", async () => {
    const emulator = await start({ checkInDelayMs: 0 });

    await act(emulator, MAC, "remoteLock");
    await act(emulator, IPAD, "remoteLock");

    expect(emulator.device(MAC).results).toMatchObject([
      { "@odata.type": "#microsoft.graph.remoteLockActionResult", unlockPin: expect.stringMatching(/^\d{6}$/) },
    ]);
    expect(emulator.device(IPAD).results[0]).not.toHaveProperty("unlockPin");
  });

  test("the PIN of a Mac is shown for thirty days, or until another action is sent", async () => {
    const time = testClock();
    const emulator = await start({ clock: time.clock, checkInDelayMs: 0 });
    const pinOf = async () => (await read(emulator, MAC)).body.deviceActionResults[0].unlockPin;

    await act(emulator, MAC, "remoteLock");
    const shown = await pinOf();
    time.advance(30 * 24 * 3600 * 1000);
    const late = await pinOf();
    await act(emulator, MAC, "remoteLock");
    const again = await pinOf();
    await act(emulator, MAC, "syncDevice");

    expect([shown, late, again, await pinOf()]).toEqual([expect.any(String), null, expect.any(String), null]);
  });

  test("syncDevice reports nothing, and moves lastSyncDateTime when the device checks in", async () => {
    const time = testClock();
    const emulator = await start({ clock: time.clock, checkInDelayMs: 1000 });
    const before = emulator.device(IPAD).managedDevice.lastSyncDateTime;

    await act(emulator, IPAD, "syncDevice");
    const early = emulator.device(IPAD).managedDevice.lastSyncDateTime;
    time.advance(1000);

    expect(early).toBe(before);
    expect(emulator.device(IPAD).managedDevice).toMatchObject({
      lastSyncDateTime: "2026-11-20T12:00:01.0000000Z",
      deviceActionResults: [],
    });
  });

  test("an action that the device cannot do is accepted and ends as notSupported", async () => {
    const emulator = await start({ checkInDelayMs: 0 });

    const answers = [await act(emulator, PERSONAL, "bypassActivationLock"), await act(emulator, WINDOWS, "bypassActivationLock")];

    expect(answers.map((answer) => answer.status)).toEqual([204, 204]);
    for (const serial of [PERSONAL, WINDOWS]) expect(emulator.device(serial).results).toMatchObject([{ actionState: "notSupported" }]);
  });
});

describe("a body", () => {
  test.each([
    ["wipe", { keepUserDate: true }],
    ["wipe", { keepUserData: "yes" }],
    ["wipe", { macOsUnlockCode: "12345" }],
    ["wipe", []],
    ["wipe", '{"keepUserData": tru'],
    ["resetPasscode", { passcode: "1234" }],
    ["bypassActivationLock", { force: true }],
  ])("that Graph does not know is refused: %s %j", async (action, body) => {
    const emulator = await start();

    const answer = await act(emulator, IPAD, action, body);

    expect(answer.status).toBe(400);
    expect(emulator.device(IPAD).received).toEqual([]);
  });

  test("with the PIN of a Mac is taken", async () => {
    const emulator = await start();

    expect((await act(emulator, MAC, "wipe", { macOsUnlockCode: "123456" })).status).toBe(204);
  });

  test("must say its type, and a POST the length of its body", async () => {
    const emulator = await start();
    const path = devicePath(emulator, IPAD, "/wipe");

    const untyped = await post(emulator, path, undefined, { headers: { "Content-Type": "text/plain" }, body: "{}" });

    expect(untyped.status).toBe(400);
    expect(await statusWithoutLength(emulator, path)).toBe(411);
    expect(emulator.device(IPAD).received).toEqual([]);
  });
});

test("a device set up again has a new id, a new time of enrolment, a new code and no results", async () => {
  const time = testClock();
  const emulator = await start({ clock: time.clock, checkInDelayMs: 0 });
  const before = emulator.device(IPAD);

  await act(emulator, IPAD, "wipe");
  emulator.reenrol(IPAD);
  const after = emulator.device(IPAD);
  emulator.reenrol(IPAD, { keepId: true });
  const again = emulator.device(IPAD);

  expect(after).toMatchObject({ present: true, results: [], activationLock: true });
  expect(after.managedDevice.enrolledDateTime).toBe("2026-11-20T12:00:00.0000000Z");
  expect(new Set([before.id, after.id, again.id]).size).toBe(2);
  expect(new Set([before.bypassCode, after.bypassCode, again.bypassCode]).size).toBe(3);
});

/** fetch always sends a length; a bare client may not. */
function statusWithoutLength(emulator: Emulator, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${emulator.url}${path}`, { method: "POST", headers: { Authorization: "Bearer any" } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.once("error", reject).removeHeader("Transfer-Encoding");
    sent.useChunkedEncodingByDefault = false;
    sent.end();
  });
}

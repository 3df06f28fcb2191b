import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { GraphReadError } from "../../providers/domain/errors.ts";
import { parseBypassCode, parseDevice } from "../../providers/graph/devices/parse-device.ts";
import { managedDevice } from "./graph-fixture.ts";

describe("a managedDevice", () => {
  test("is read with one spelling for absent facts and for times", () => {
    const { device, userId } = parseDevice(managedDevice({ serialNumber: "", model: null, enrolledDateTime: "2025-03-01T10:30:00+01:00" }));

    expect(device).toEqual({
      id: "a1b2c3d4-0000-4000-8000-000000000001",
      serialNumber: null,
      deviceName: "Leeds iPad 0042",
      operatingSystem: "iPadOS",
      osVersion: "18.1",
      isSupervised: true,
      managedDeviceOwnerType: "company",
      managementState: "managed",
      userPrincipalName: "j.doe@contoso.example",
      deviceCategoryDisplayName: "Sales",
      manufacturer: "Apple",
      model: null,
      deviceEnrollmentType: "appleBulkWithUser",
      managementAgent: "mdm",
      enrolledDateTime: "2025-03-01T09:30:00.000Z",
      lastSyncDateTime: "2026-11-19T08:00:00.123Z",
      deviceActionResults: [],
    });
    expect(userId).toBe("11111111-2222-4333-8444-555555555555");
  });

  test("holds no date where Graph says never", () => {
    const { device } = parseDevice(managedDevice({ enrolledDateTime: "0001-01-01T00:00:00Z", lastSyncDateTime: null }));

    expect([device.enrolledDateTime, device.lastSyncDateTime]).toEqual([null, null]);
  });

  test("may lack every property but its id", () => {
    const { device } = parseDevice({ id: "x" });

    expect(device).toMatchObject({ id: "x", serialNumber: null, isSupervised: null, deviceActionResults: [] });
  });

  test("keeps the results of actions with Graph's own times, and their secrets unseen", () => {
    const { device } = parseDevice(
      managedDevice({
        deviceActionResults: [
          { actionName: "resetPasscode", actionState: "done", startDateTime: "2026-11-20T10:00:00.1234567Z", passcode: "hidden-4711" },
          { actionName: "remoteLock", actionState: "active", startDateTime: "0001-01-01T00:00:00Z", unlockPin: "hidden-0815" },
          { actionName: null, actionState: "somethingNew", passcode: "" },
        ],
      }),
    );

    const [reset, lock, odd] = device.deviceActionResults;
    expect(reset).toMatchObject({ actionName: "resetPasscode", actionState: "done", startDateTime: "2026-11-20T10:00:00.1234567Z" });
    expect(reset?.secret?.reveal()).toBe("hidden-4711");
    expect(lock).toMatchObject({ actionState: "active", startDateTime: null });
    expect(lock?.secret?.reveal()).toBe("hidden-0815");
    expect(odd).toEqual({ actionName: "", actionState: "unknown", startDateTime: null, lastUpdatedDateTime: null });
    expect(inspect(device, { depth: null, showHidden: true }) + JSON.stringify(device)).not.toMatch(/hidden-/);
  });

  test.each([
    ["a managedDevice", "text"],
    ["a managedDevice", []],
    ["id", managedDevice({ id: "" })],
    ["id", managedDevice({ id: 7 })],
    ["serialNumber", managedDevice({ serialNumber: 12 })],
    ["isSupervised", managedDevice({ isSupervised: "yes" })],
    ["enrolledDateTime", managedDevice({ enrolledDateTime: "yesterday" })],
    ["enrolledDateTime", managedDevice({ enrolledDateTime: "12" })],
    ["deviceActionResults", managedDevice({ deviceActionResults: {} })],
    ["deviceActionResults", managedDevice({ deviceActionResults: ["wipe"] })],
    ["startDateTime", managedDevice({ deviceActionResults: [{ startDateTime: "soon" }] })],
    ["actionState", managedDevice({ deviceActionResults: [{ actionState: 3 }] })],
    ["passcode", managedDevice({ deviceActionResults: [{ passcode: 4711 }] })],
  ])("of another form is refused, naming %s", (name, value) => {
    expect(() => parseDevice(value)).toThrow(GraphReadError);
    expect(() => parseDevice(value)).toThrow(new RegExp(`: ${name} should be `));
  });
});

describe("a bypass code", () => {
  test.each([
    ["there", "3E3D-1234", "3E3D-1234"],
    ["null", null, null],
    ["empty", "", null],
    ["blank", "  ", null],
  ])("%s", (_name, value, expected) => {
    const { code } = parseBypassCode({ id: "x", activationLockBypassCode: value });

    expect(code?.reveal() ?? null).toBe(expected);
  });

  test.each([{ id: "x" }, { id: "x", activationLockBypassCode: 7 }, { activationLockBypassCode: "3E3D" }, null])(
    "is never guessed from %p",
    (value) => {
      expect(() => parseBypassCode(value)).toThrow(GraphReadError);
    },
  );

  test.each(["***", "•••••", "<redacted>", "3E3D--1234", "3E3D\u200b1234"])(
    "that has no code's form (%s) is not taken for one",
    (value) => {
      const read = () => parseBypassCode({ id: "x", activationLockBypassCode: value });

      expect(read).toThrow(/activationLockBypassCode should be a bypass code/);
      expect(read).toThrow(GraphReadError);
      expect(read).not.toThrow(value);
    },
  );
});

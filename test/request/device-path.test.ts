import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { DeviceSelector } from "../../providers/domain/request.ts";
import { devicePathOf } from "../../providers/request/device-path.ts";
import { findSchemaErrors } from "../../providers/request/schema/find-schema-errors.ts";
import { REQUESTS_SCHEMA } from "../../providers/request/schema/schema.ts";
import { loadText } from "./marked-files.ts";

const deviceRunState = { script: "s", runState: "r" };

describe("the path to a device", () => {
  test.each<[DeviceSelector, object]>([
    [{ id: "i" }, { kind: "managedDevices" }],
    [{ serialNumber: "S" }, { kind: "managedDevices" }],
    [{ deviceName: "n" }, { kind: "managedDevices" }],
    [
      { id: "i", user: "u" },
      { kind: "user", user: "u" },
    ],
    [
      { id: "i", detectedApp: "d" },
      { kind: "detectedApp", detectedApp: "d" },
    ],
    [
      { id: "i", detectedApp: "d", user: "u" },
      { kind: "detectedAppUser", detectedApp: "d", user: "u" },
    ],
    [{ deviceRunState }, { kind: "deviceRunState", ...deviceRunState }],
    [
      { deviceRunState, serialNumber: "S" },
      { kind: "deviceRunState", ...deviceRunState },
    ],
    [
      { deviceRunState, detectedApp: "d", id: "i" },
      { kind: "deviceRunStateDetectedApp", detectedApp: "d", ...deviceRunState },
    ],
  ])("of %j", (selector, path) => {
    expect(devicePathOf(selector)).toEqual(path);
  });

  test.each<DeviceSelector>([{}, { user: "u" }, { deviceRunState, detectedApp: "d" }, { deviceRunState, user: "u", id: "i" }])(
    "is refused for %j",
    (selector) => {
      expect(() => devicePathOf(selector)).toThrow(TypeError);
    },
  );
});

const WHOLE = { serialNumber: "S", id: "i", deviceName: "n", user: "u", detectedApp: "d", deviceRunState };

/** Some of the keys of a selector, all with good values. */
const selectors = fc.subarray(Object.entries(WHOLE)).map((entries): DeviceSelector => Object.fromEntries(entries));

describe("for any set of keys, the schema for editors, the loader and the path agree", () => {
  test("on a device", async () => {
    await fc.assert(
      fc.asyncProperty(selectors, async (device) => {
        const request = { name: "a", device, playbook: "reset-passcode", reason: "r" };
        const { requests, diagnostics } = await loadText(JSON.stringify({ requests: [request] }));

        const legal = namesOf(device) < 2 && hasPath(device);
        expect(findSchemaErrors(REQUESTS_SCHEMA, { requests: [request] }).length === 0).toBe(legal);
        expect([requests.length, diagnostics.length]).toEqual(legal ? [1, 0] : [0, 1]);
      }),
      { numRuns: 100 },
    );
  });

  test("on a device of a list, which is named by serial number or id", async () => {
    await fc.assert(
      fc.asyncProperty(selectors, async (device) => {
        const request = { name: "a", devices: [device], playbook: "reset-passcode", reason: "r" };
        const { requests, diagnostics } = await loadText(JSON.stringify({ requests: [request] }));

        const legal = device.deviceName === undefined && namesOf(device) === 1 && hasPath(device);
        expect(findSchemaErrors(REQUESTS_SCHEMA, { requests: [request] }).length === 0).toBe(legal);
        expect([requests.length, diagnostics.length > 0]).toEqual(legal ? [1, false] : [0, true]);
      }),
      { numRuns: 100 },
    );
  });
});

function namesOf({ serialNumber, id, deviceName }: DeviceSelector): number {
  return [serialNumber, id, deviceName].filter((name) => name !== undefined).length;
}

function hasPath(selector: DeviceSelector): boolean {
  try {
    devicePathOf(selector);
    return true;
  } catch {
    return false;
  }
}

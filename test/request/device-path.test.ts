import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { DeviceSelector } from "../../providers/domain/request.ts";
import { devicePathOf } from "../../providers/request/device-path.ts";
import { REQUESTS_SCHEMA } from "../../providers/request/schema.ts";
import { findSchemaErrors } from "../../providers/request/validators.ts";
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

test("for any set of keys, the schema for editors, the loader and the path agree", async () => {
  const whole = { serialNumber: "S", id: "i", deviceName: "n", user: "u", detectedApp: "d", deviceRunState };
  const sets = fc.subarray(Object.keys(whole) as (keyof typeof whole)[]);

  await fc.assert(
    fc.asyncProperty(sets, async (keys) => {
      const device = Object.fromEntries(keys.map((key) => [key, whole[key]]));
      const request = { name: "a", device, playbook: "reset-passcode", reason: "r" };
      const { requests, diagnostics } = await loadText(JSON.stringify({ requests: [request] }));
      const names = keys.filter((key) => key === "serialNumber" || key === "id" || key === "deviceName");

      expect(findSchemaErrors(REQUESTS_SCHEMA, { requests: [request] }).length === 0).toBe(diagnostics.length === 0);
      expect(requests.length === 1).toBe(names.length < 2 && hasPath(device));
    }),
    { numRuns: 64 },
  );
});

function hasPath(selector: DeviceSelector): boolean {
  try {
    devicePathOf(selector);
    return true;
  } catch {
    return false;
  }
}

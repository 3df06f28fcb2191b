import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { DevicePath } from "../../providers/domain/plan.ts";
import { actionPath, devicePath, equalTo, isAddressable, withQuery } from "../../providers/graph/client/urls.ts";

const PATHS: readonly (readonly [string, DevicePath, string])[] = [
  ["managedDevices", { kind: "managedDevices" }, "/deviceManagement/managedDevices/ID"],
  ["user", { kind: "user", user: "U" }, "/users/U/managedDevices/ID"],
  ["detectedApp", { kind: "detectedApp", detectedApp: "A" }, "/deviceManagement/detectedApps/A/managedDevices/ID"],
  [
    "detectedAppUser",
    { kind: "detectedAppUser", detectedApp: "A", user: "U" },
    "/deviceManagement/detectedApps/A/managedDevices/ID/users/U/managedDevices/ID",
  ],
  [
    "deviceRunState",
    { kind: "deviceRunState", script: "S", runState: "R" },
    "/deviceManagement/deviceManagementScripts/S/deviceRunStates/R/managedDevice",
  ],
  [
    "deviceRunStateDetectedApp",
    { kind: "deviceRunStateDetectedApp", script: "S", runState: "R", detectedApp: "A" },
    "/deviceManagement/deviceManagementScripts/S/deviceRunStates/R/managedDevice/detectedApps/A/managedDevices/ID",
  ],
];

describe("the path to a device", () => {
  test.each(PATHS)("%s", (_kind, path, expected) => {
    expect(devicePath({ id: "ID", path })).toBe(expected);
    expect(actionPath({ id: "ID", path }, "wipe")).toBe(`${expected}/wipe`);
  });

  test("keeps what names of people and things are made of", () => {
    const path = devicePath({ id: "ID", path: { kind: "user", user: "o'neil_contoso.com#EXT#@fabrikam.example" } });

    expect(path).toBe("/users/o%27neil_contoso.com%23EXT%23%40fabrikam.example/managedDevices/ID");
  });

  test.each(["", ".", "..", "../x", "a/b", "a\\b", "%2f", "%2e%2e", "a%00b", "a\nb", "a\u0000", "?x", "\ud800", "x".repeat(513)])(
    "%p can stand in no part of a path",
    (text) => {
      const paths: readonly DevicePath[] = [
        { kind: "user", user: text },
        { kind: "detectedApp", detectedApp: text },
        { kind: "detectedAppUser", detectedApp: "A", user: text },
        { kind: "deviceRunState", script: text, runState: "R" },
        { kind: "deviceRunState", script: "S", runState: text },
        { kind: "deviceRunStateDetectedApp", script: "S", runState: "R", detectedApp: text },
      ];

      expect(paths.map((path) => isAddressable(path, "ID"))).toEqual(paths.map(() => false));
      expect(isAddressable({ kind: "managedDevices" }, text)).toBe(false);
      expect(() => devicePath({ id: text, path: { kind: "managedDevices" } })).toThrow(RangeError);
    },
  );
});

/** Texts that try to be more than a text, among any others. */
const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom("/", "\\", ".", "%", "2", "f", "e", "?", "#", "&", "=", "'", "(", ")", ";", "\n", "@", ":", "a"),
    maxLength: 12,
  }),
);

const paths: fc.Arbitrary<DevicePath> = fc.oneof(
  fc.record({ kind: fc.constant("user" as const), user: hostile }),
  fc.record({ kind: fc.constant("detectedAppUser" as const), detectedApp: hostile, user: hostile }),
  fc.record({ kind: fc.constant("deviceRunStateDetectedApp" as const), script: hostile, runState: hostile, detectedApp: hostile }),
);

describe("whatever stands in it", () => {
  test("a path keeps its segments, and each of them its text", () => {
    fc.assert(
      fc.property(paths, hostile, (path, id) => {
        fc.pre(isAddressable(path, id));

        const built = actionPath({ id, path }, "wipe");

        const onTheWire = new URL(`https://graph.microsoft.com/v1.0${built}`);
        const form = actionPath({ id: "ID", path: harmless(path) }, "wipe").split("/");
        expect(onTheWire.pathname).toBe(`/v1.0${built}`);
        expect(onTheWire.search + onTheWire.hash).toBe("");
        expect(built.split("/")).toHaveLength(form.length);
        expect(decodeTwice(built).split("/")).toHaveLength(form.length);
      }),
      { numRuns: 2_000 },
    );
  });

  test("a filter stays one value of one query, and one text in it", () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const address = new URL(
          `https://graph.microsoft.com/v1.0${withQuery("/x", { select: ["id"], filter: equalTo("serialNumber", value), top: 5 })}`,
        );

        const filter = address.searchParams.get("$filter") ?? "";
        expect([...address.searchParams.keys()]).toEqual(["$select", "$filter", "$top"]);
        expect(filter).toMatch(/^serialNumber eq '(?:[^']|'')*'$/s);
        expect(filter.slice("serialNumber eq '".length, -1).replaceAll("''", "'")).toBe(value.toWellFormed());
      }),
      { numRuns: 2_000 },
    );
  });
});

function harmless(path: DevicePath): DevicePath {
  switch (path.kind) {
    case "user":
      return { ...path, user: "U" };
    case "detectedAppUser":
      return { ...path, detectedApp: "A", user: "U" };
    case "deviceRunStateDetectedApp":
      return { ...path, script: "S", runState: "R", detectedApp: "A" };
    default:
      return path;
  }
}

/** As a careless server would: what was encoded twice must not become a separator either. */
function decodeTwice(path: string): string {
  const once = decodeURIComponent(path);
  try {
    return decodeURIComponent(once);
  } catch {
    return once;
  }
}

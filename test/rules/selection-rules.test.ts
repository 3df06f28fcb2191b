import { describe, expect, test } from "@jest/globals";
import { isGenericSerial } from "../../providers/domain/managed-device.ts";
import { judgeNone, judgeSeveral } from "../../providers/rules/selection-rules.ts";
import { IPAD } from "../support/fakes-devices.ts";

describe("three records of one serial number", () => {
  const record = (id: string, lastSyncDateTime: string | null, enrolledDateTime: string | null) => ({
    ...IPAD,
    id,
    serialNumber: "DMPX",
    deviceName: "iPad",
    lastSyncDateTime,
    enrolledDateTime,
  });

  test("show check-in and enrolment, the newest first, whose id is offered", () => {
    const found = [
      record("oldest", "2024-01-01T00:00:00Z", "2023-01-01T00:00:00Z"),
      record("newest", "2026-11-01T00:00:00Z", "2026-10-01T00:00:00Z"),
      record("middle", "2025-01-01T00:00:00Z", "2024-01-01T00:00:00Z"),
    ];

    const { message, hint } = judgeSeveral({ serialNumber: "DMPX" }, found);

    expect(message).toMatch(/3 devices have .*id newest.*id middle.*id oldest/);
    expect(message).toContain("seen 2026-11-01T00:00:00Z, enrolled 2026-10-01T00:00:00Z");
    expect(hint).toContain("device: { id: newest }");
  });

  test.each([
    ["were never seen", null],
    ["were seen at the same time", "2026-11-01T00:00:00Z"],
    ["have a date that is none", "soon"],
  ])("that %s stand by their enrolment", (_, seen) => {
    const found = [record("none", seen, null), record("old", seen, "2025-01-01T00:00:00Z"), record("new", seen, "2026-01-01T00:00:00Z")];

    const { message, hint } = judgeSeveral({ serialNumber: "DMPX" }, found);

    expect(hint).toContain("id: new }");
    expect(message).toMatch(/id new.*id old.*id none/);
  });

  test("are compared as times, not as text", () => {
    const found = [record("early", "2026-11-01T10:00:00+02:00", null), record("late", "2026-11-01T09:00:00Z", null)];

    expect(judgeSeveral({ serialNumber: "DMPX" }, found).hint).toContain("id: late }");
  });
});

describe("a device that is not found", () => {
  test.each([
    [{ serialNumber: "SDMPXK2ABCDEF" }, "look whether it is DMPXK2ABCDEF"],
    [{ serialNumber: "sfvf abc12345" }, "look whether it is FVFABC12345"],
    [{ serialNumber: "1S20XW0040UKPF123456" }, "look whether it is PF123456"],
    [{ id: "9b2c" }, "the id is Intune's and not one of Entra's"],
    [{ deviceName: "Mia's iPad" }, "’ (U+2019)"],
    [{ deviceName: "LEEDS\u2011LT" }, "holds U+2011, which looks like -"],
  ])("of %j", (selector, hint) => {
    expect(judgeNone(selector).hint).toContain(hint);
  });

  test.each(["DMPXK2ABCDEF", "S1", "SC02"])("of the serial number %s was not scanned", (serialNumber) => {
    expect(judgeNone({ serialNumber }).hint).toBe("check the spelling, and that the device is still enrolled");
  });
});

test.each([
  "none",
  "N/A",
  "n.a.",
  "To Be Filled By O.E.M.",
  "Default string",
  "System Serial Number",
  "0",
  "000",
  "12345678",
  "123456789000",
  "9876543210",
  "xxxxx",
])("%s is no serial number", (serial) => {
  expect(isGenericSerial(serial)).toBe(true);
});

test.each(["DMPXK2ABCDEF", "S1", "A", "0012345", "5CG1234567", "1234", "AAAA", "112345", "PF123456", "1234567891", "MB-1"])(
  "%s is one",
  (serial) => {
    expect(isGenericSerial(serial)).toBe(false);
  },
);

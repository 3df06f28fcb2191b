import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { FORMATS, formatOf, renderReport } from "../../cli/report/format.ts";
import { LOCK_SCHEMA } from "../../report/activation-lock/lock-schema.ts";
import type { LockDevice } from "../../report/activation-lock/report.ts";
import { findSteering, hostileText, SEED } from "../support/hostile-text.ts";
import { escrowOf, lockDevice, reportOf, VARIED } from "./fakes-report.ts";

const WIDE = Number.POSITIVE_INFINITY;
const REPORT = reportOf(VARIED);
const rowsOf = (csv: string): Record<string, string>[] => parse(csv, { columns: true, bom: true });

/** Every text of a device that is not ours. */
function hostileDevice(text: string): LockDevice {
  return lockDevice({
    serialNumber: text,
    deviceName: text,
    osVersion: text,
    model: text,
    managedDeviceOwnerType: text,
    userPrincipalName: text,
    deviceEnrollmentType: text,
    code: "unreadable",
    problem: text,
    escrow: escrowOf({ reference: text, request: text }),
  });
}

test.each<[string | undefined, (typeof FORMATS)[number]]>([
  [undefined, "table"],
  ["a.csv", "csv"],
  ["/tmp/a.b.json", "json"],
  ["a.md", "md"],
  ["a.txt", "table"],
])("a file named %s becomes %s, and what is said goes before", (file, format) => {
  expect(formatOf(undefined, file)).toBe(format);
  expect(formatOf("md", file)).toBe("md");
});

describe("the table", () => {
  test("has totals first, then a line a device", () => {
    expect(renderReport(REPORT, "table", WIDE)).toBe(readFileSync(path.join(import.meta.dirname, "golden", "table.txt"), "utf8"));
  });

  test("gives columns up, and says so, before it cuts names", () => {
    const narrow = renderReport(REPORT, "table", 164);

    expect(narrow).toContain("too narrow for: Supervised, Owner, System, Reference; --format csv has everything");
    expect(narrow.split("\n").every((line) => line.length <= 164)).toBe(true);
    expect(narrow).toContain("j.doe@contoso.example");
  });

  test("of nothing has no heading", () => {
    expect(renderReport(reportOf([]), "table", WIDE)).toBe("0 devices can have the lock: 0 code present, 0 no code; 0 escrowed\n");
  });
});

describe("JSON", () => {
  const isRight = new Ajv({ formats: { "date-time": true } }).compile(LOCK_SCHEMA);

  test("is the report, as its schema says", () => {
    const data: unknown = JSON.parse(renderReport(REPORT, "json", WIDE));

    expect(data).toEqual(REPORT);
    expect(isRight(data)).toBe(true);
  });

  test.each<[string, object]>([
    ["another word for a code", { devices: [{ ...lockDevice(), code: "locked" }] }],
    ["no totals", { totals: {} }],
    ["another format", { format: 2 }],
  ])("with %s is none", (_, changes) => {
    expect(isRight({ ...REPORT, ...changes })).toBe(false);
  });
});

describe("CSV", () => {
  test("has the fields of the JSON, and serial numbers that a list of requests takes", () => {
    const rows = rowsOf(renderReport(REPORT, "csv", WIDE));

    expect(rows).toHaveLength(VARIED.length);
    expect(rows[2]).toEqual({
      serialNumber: "OTHERCODE",
      managedDeviceId: "a1b2c3d4-0000-4000-8000-000000000001",
      deviceName: "Leeds iPad 0042",
      platform: "iPadOS",
      osVersion: "18.1",
      model: "iPad Air",
      isSupervised: "true",
      deviceEnrollmentType: "appleBulkWithUser",
      managedDeviceOwnerType: "company",
      userPrincipalName: "j.doe@contoso.example",
      enrolledDateTime: "2025-03-01T09:30:00.000Z",
      lastSyncDateTime: "2026-11-19T08:00:00.000Z",
      code: "present",
      problem: "",
      escrowReference: "file:escrow/0123456789abcdef",
      escrowCapturedAt: "2026-11-15T11:00:00.000Z",
      escrowAgeDays: "12",
      escrowRequest: "summer/DMPXK2ABCDEF#1",
      escrowStale: "otherCode",
      sharesSerialNumber: "false",
    });
    expect(rows[5]).toMatchObject({ serialNumber: "", isSupervised: "", escrowStale: "", escrowAgeDays: "" });
  });

  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a"])("calculates nothing: %j", (text) => {
    const [row] = rowsOf(renderReport(reportOf([hostileDevice(text)]), "csv", WIDE));

    expect(row).toMatchObject({ serialNumber: `'${text}`, deviceName: `'${text}`, problem: `'${text}`, escrowReference: `'${text}` });
  });

  test("gives back what it was given", () => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 1, maxLength: 4 }), (texts) => {
        const rows = rowsOf(renderReport(reportOf(texts.map(hostileDevice)), "csv", WIDE));

        expect(rows.map(({ deviceName }) => deviceName?.replace(/^'(?=[=+\-@\t\r\n＝＋－＠])/, ""))).toEqual(
          texts.map((text) => text.toWellFormed()),
        );
        expect(rows.every((row) => Object.values(row).every((cell) => !/^[=+\-@\t\r\n＝＋－＠]/.test(cell)))).toBe(true);
      }),
      { seed: SEED },
    );
  });
});

describe("Markdown", () => {
  const ALLOWED = new Set(["h1", "p", "strong", "code", "table", "thead", "tbody", "tr", "th", "td", "ul", "li"]);
  const asGitHub = (text: string) => micromark(text, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
  const asAzure = (text: string) => new MarkdownIt({ html: true, linkify: true }).render(text);

  test.each([
    ["GitHub", asGitHub],
    ["Azure DevOps", asAzure],
  ])("is nothing but a table to %s, whatever names say", (_, render) => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const html = render(renderReport(reportOf([hostileDevice(text), lockDevice()], { where: text }), "md", WIDE));

        expect([...html.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, tag]) => tag ?? "").filter((tag) => !ALLOWED.has(tag))).toEqual([]);
        // Three charts and the devices.
        expect(html.match(/<table/g)).toHaveLength(4);
        expect(html.split("<table").at(-1)?.match(/<tr/g)).toHaveLength(3);
        expect(html.split("<table").at(-1)?.match(/<td/g)).toHaveLength(26);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test("says that nothing is there", () => {
    expect(renderReport(reportOf([]), "md", WIDE)).toContain("No device is so.");
  });
});

describe("no format", () => {
  test.each(FORMATS.filter((format) => format !== "csv"))("%s steers a terminal or a pipeline", (format) => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(findSteering(renderReport(reportOf([hostileDevice(text)], { where: text }), format, WIDE))).toEqual([]);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test.each(FORMATS)("%s says that a device is locked", (format) => {
    expect(renderReport(REPORT, format, WIDE)).not.toMatch(/\bis locked\b|"locked"/i);
  });
});

import { describe, expect, test } from "@jest/globals";
import { chooseDevices, countFindings, FINDINGS, type Finding, type LockWanted } from "../../report/activation-lock/choose-devices.ts";
import { tellTotals } from "../../report/activation-lock/totals.ts";
import { lockDevice, reportOf, VARIED } from "./fakes-report.ts";

const ALL: LockWanted = { noCode: false, notEscrowed: false, stale: false, notSeenDays: null };
const REPORT = reportOf(VARIED);

describe("devices that are shown", () => {
  test.each<[Partial<LockWanted>, readonly (string | null)[], readonly string[]]>([
    [{}, ["CURRENT", "MAC", "OTHERCODE", "PLAIN", "SETUPSINCE", null], []],
    [{ noCode: true }, ["MAC"], ["no code"]],
    [{ notEscrowed: true }, ["MAC", "PLAIN", null], ["not escrowed"]],
    [{ stale: true }, ["OTHERCODE", "SETUPSINCE"], ["stale"]],
    [{ notSeenDays: 30 }, ["PLAIN", null], ["no check-in for 30 days"]],
    [{ notSeenDays: 8 }, ["CURRENT", "MAC", "OTHERCODE", "PLAIN", "SETUPSINCE", null], ["no check-in for 8 days"]],
    [{ notSeenDays: 9 }, ["PLAIN", null], ["no check-in for 9 days"]],
    [{ notSeenDays: 30, noCode: true }, [], ["no code", "no check-in for 30 days"]],
  ])("%j: %j", (wanted, serials, chosen) => {
    const report = chooseDevices(REPORT, { ...ALL, ...wanted });

    expect(report.devices.map(({ serialNumber }) => serialNumber)).toEqual(serials);
    expect(report.chosen).toEqual(chosen);
    expect(report.totals).toEqual(REPORT.totals);
  });
});

describe("totals", () => {
  test("stand before everything, and say what is shown of them", () => {
    expect(tellTotals(chooseDevices(REPORT, { ...ALL, stale: true }))).toEqual([
      "6 devices can have the lock: 4 code present, 1 no code, 1 could not be read; 3 escrowed, 2 of them stale",
      "shown: 2 (stale)",
    ]);
  });

  test("are read easily", () => {
    const many = reportOf([...Array.from({ length: 1_204 }, () => lockDevice()), lockDevice({ code: "none" })]);

    expect(tellTotals(many)).toEqual(["1,205 devices can have the lock: 1,204 code present, 1 no code; 0 escrowed"]);
    expect(tellTotals(reportOf([lockDevice()]))).toEqual(["1 device can have the lock: 1 code present, 0 no code; 0 escrowed"]);
  });
});

describe("--fail-on", () => {
  test.each<[Finding, number]>([
    ["no-code", 2],
    ["not-escrowed", 3],
    ["stale", 2],
    ["unreadable", 1],
  ])("%s finds %i", (word, number) => {
    expect(countFindings(REPORT, [word])).toEqual(new Map([[word, number]]));
  });

  test("finds nothing in what is not shown, and nothing where nobody asks", () => {
    const shown = chooseDevices(REPORT, { ...ALL, stale: true });

    expect(countFindings(shown, Object.keys(FINDINGS) as Finding[])).toEqual(new Map([["stale", 2]]));
    expect(countFindings(REPORT, [])).toEqual(new Map());
  });
});

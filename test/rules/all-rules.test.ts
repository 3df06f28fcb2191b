import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { withGuardsTable } from "../../cli/support/guards-table.ts";
import { DIAGNOSTIC_CODES } from "../../providers/domain/diagnostic-codes.ts";
import { RULES, RUN_GUARDS, SELECTION_RULES, STAND_INS } from "../../providers/rules/all-rules.ts";
import { MOMENTS } from "../../providers/rules/rule.ts";

const PAGE = readFileSync(path.resolve(import.meta.dirname, "../../docs/configuration.md"), "utf8");
const TEXTS = [...SELECTION_RULES, ...RULES];

describe("the list of rules", () => {
  test("names each rule, each code and each reason once", () => {
    const ids = [...TEXTS, ...STAND_INS, ...RUN_GUARDS].map(({ id }) => id);
    const codes = TEXTS.flatMap(({ code }) => code ?? []);
    const reasons = [...TEXTS, ...STAND_INS].map(({ reason }) => reason);

    for (const names of [ids, codes, reasons]) expect(names).toEqual([...new Set(names)]);
  });

  test("has a code for all that the program refuses", () => {
    const uncoded = TEXTS.filter(
      ({ asked, code }) => code === null && asked.some((moment) => ["program", "begun", "totals"].includes(moment)),
    );

    expect(uncoded.map(({ id }) => id)).toEqual([]);
  });

  test("has a rule for each code about devices, ledger and guards that is not of the files alone", () => {
    const numbered = Object.keys(DIAGNOSTIC_CODES).filter((code) => /^DLR[34]/.test(code));
    const codes = new Set<string>(TEXTS.flatMap(({ code }) => code ?? []));

    expect(numbered.filter((code) => !codes.has(code))).toEqual([]);
  });

  test("asks each rule at some moment", () => {
    expect(TEXTS.filter(({ asked }) => asked.length === 0)).toEqual([]);
    expect(new Set(TEXTS.flatMap(({ asked }) => asked))).toEqual(new Set(Object.keys(MOMENTS)));
  });

  test("asks again right with the intent what counts over all requests, and on the wire what changes by the minute", () => {
    const at = (moment: keyof typeof MOMENTS) => TEXTS.filter(({ asked }) => asked.includes(moment)).map(({ id }) => id);

    expect(at("ledger")).toEqual([
      "audit-not-seen",
      "repetition",
      "other-member",
      "earlier-request-open",
      "max-destructive",
      "max-disruptive",
      "daily-quota",
      "secret-on-its-way",
    ]);
    expect(at("wire")).toEqual(["last-look", "pause", "wrong-clock", "expiry", "brake"]);
  });

  test("is the table of guards in docs/configuration.md (dlr validate --write-schemas writes it)", () => {
    expect(withGuardsTable(PAGE)).toBe(PAGE);
  });
});

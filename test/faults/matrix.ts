import { describe, expect, test } from "@jest/globals";
import { expectedOf, type FaultCase } from "./fault-case.ts";
import { playRow } from "./play-row.ts";
import { BATCH_CASES, READ_CASES } from "./read-cases.ts";
import { RESULT_CASES } from "./result-cases.ts";
import { SEND_CASES } from "./send-cases.ts";
import type { Subject } from "./subject.ts";

const TABLES = {
  "the call": SEND_CASES,
  "the look at the device": READ_CASES,
  "the batch": BATCH_CASES,
  "the result": RESULT_CASES,
} as const;

/** Every row for every action; what is played for a few only, for those that `isOneOfFew` takes. */
export function describeMatrix(subjects: readonly Subject[], isOneOfFew: (who: Subject) => boolean): void {
  describe.each(subjects.map((one): [string, Subject] => [one.name, one]))("%s", (_name, who) => {
    describe.each(Object.entries(TABLES))("%s", (_table, cases) => {
      describeRows(
        who,
        cases.filter((row) => expectedOf(row, who.action) !== undefined && (row.few !== true || isOneOfFew(who))),
      );
    });
  });
}

export function describeRows(who: Subject, rows: readonly FaultCase[]): void {
  test.each(rows.map((row): [string, FaultCase] => [row.name, row]))("%s", async (_fault, row) => {
    const { seen, expected } = await playRow(who, row);

    expect(seen).toEqual(expected);
  });
}

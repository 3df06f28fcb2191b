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

/** For whom what is played for a few only is played. */
type IsOneOfFew = (who: Subject) => boolean;

export const everySubject: IsOneOfFew = () => true;

/** One that the device reports, and one that nobody does. */
export const oneOfFew: IsOneOfFew = ({ action }) => ["bypassActivationLock", "syncDevice"].includes(action.name);

function rowsFor(who: Subject, cases: readonly FaultCase[], isOneOfFew: IsOneOfFew): readonly FaultCase[] {
  return cases.filter((row) => expectedOf(row, who.action) !== undefined && (row.few !== true || isOneOfFew(who)));
}

/** How many rows `describeMatrix` plays. */
export function countRows(subjects: readonly Subject[], isOneOfFew: IsOneOfFew): number {
  return subjects.flatMap((who) => Object.values(TABLES).flatMap((cases) => rowsFor(who, cases, isOneOfFew))).length;
}

/** Every row for every action; what is played for a few only, for those that `isOneOfFew` takes. */
export function describeMatrix(subjects: readonly Subject[], isOneOfFew: IsOneOfFew): void {
  describe.each(subjects.map((one): [string, Subject] => [one.name, one]))("%s", (_name, who) => {
    describe.each(Object.entries(TABLES))("%s", (_table, cases) => {
      describeRows(who, rowsFor(who, cases, isOneOfFew));
    });
  });
}

export function describeRows(who: Subject, rows: readonly FaultCase[]): void {
  test.each(rows.map((row): [string, FaultCase] => [row.name, row]))("%s", async (_fault, row) => {
    const { seen, expected } = await playRow(who, row);

    expect(seen).toEqual(expected);
  });
}

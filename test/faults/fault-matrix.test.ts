import { describe, expect, test } from "@jest/globals";
import { REMOTE_ACTIONS } from "../../providers/domain/action-table.ts";
import { action } from "../graph/graph-fixture.ts";
import { MAC } from "../support/fakes-devices.ts";
import { CODE_CASES } from "./code-cases.ts";
import { expectedOf, type FaultCase } from "./fault-case.ts";
import { playRow } from "./play-row.ts";
import { BATCH_CASES, READ_CASES } from "./read-cases.ts";
import { RESULT_CASES } from "./result-cases.ts";
import { SEND_CASES } from "./send-cases.ts";
import { guardsCode, type Subject, subject } from "./subject.ts";

const DESTRUCTIVE = [...REMOTE_ACTIONS.filter(({ destroysData }) => destroysData).map((one) => subject(one)), subject(action("wipe"), MAC)];
const REPEATABLE = REMOTE_ACTIONS.filter(({ repeatable }) => repeatable).map((one) => subject(one));

const TABLES = {
  "the call": SEND_CASES,
  "the look at the device": READ_CASES,
  "the batch": BATCH_CASES,
  "the result": RESULT_CASES,
} as const;

describe.each([...DESTRUCTIVE, ...REPEATABLE].map((one): [string, Subject] => [one.name, one]))("%s", (_name, who) => {
  describe.each(Object.entries(TABLES))("%s", (_table, cases) => {
    const rows = cases.flatMap((row): [string, FaultCase][] => (expectedOf(row, who.action) === undefined ? [] : [[row.name, row]]));

    test.each(rows)("%s", async (_fault, row) => {
      const { seen, expected } = await playRow(who, row);

      expect(seen).toEqual(expected);
    });
  });
});

/** Something is sent between the escrow and the action, so that the code is read a second time. */
const GUARDING = DESTRUCTIVE.filter(guardsCode).map(({ action, device }) => subject(action, device, ["bypassActivationLock"]));

describe.each(GUARDING.map((one): [string, Subject] => [one.name, one]))("%s and its bypass code", (_name, who) => {
  test.each(CODE_CASES.map((row): [string, FaultCase] => [row.name, row]))("%s", async (_fault, row) => {
    const { seen, expected } = await playRow(who, row);

    expect(seen).toEqual(expected);
  });
});

import { describe, expect, test } from "@jest/globals";
import { REMOTE_ACTIONS } from "../../providers/domain/action-table.ts";
import { action } from "../graph/graph-fixture.ts";
import { MAC } from "../support/fakes-devices.ts";
import { expectedOf, type FaultCase } from "./fault-case.ts";
import { playRow } from "./play-row.ts";
import { SEND_CASES } from "./send-cases.ts";
import { type Subject, subject } from "./subject.ts";

const DESTRUCTIVE = [...REMOTE_ACTIONS.filter(({ destroysData }) => destroysData).map((one) => subject(one)), subject(action("wipe"), MAC)];
const REPEATABLE = REMOTE_ACTIONS.filter(({ repeatable }) => repeatable).map((one) => subject(one));

describe.each([...DESTRUCTIVE, ...REPEATABLE].map((one): [string, Subject] => [one.name, one]))("%s", (_name, who) => {
  const rows = SEND_CASES.flatMap((row): [string, FaultCase][] => (expectedOf(row, who.action) === undefined ? [] : [[row.name, row]]));

  test.each(rows)("%s", async (_fault, row) => {
    const { seen, expected } = await playRow(who, row);

    expect(seen).toEqual(expected);
  });
});

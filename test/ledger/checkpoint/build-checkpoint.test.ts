import { expect, test } from "@jest/globals";
import { buildCheckpoint } from "../../../providers/ledger/build-checkpoint.ts";
import { CHAIN_START, formatLines } from "../../../providers/ledger/ledger-line.ts";
import { AT, DEVICE, intent } from "../../contract/sample-records.ts";

const build = (...records: readonly object[]) => {
  const bodies = records.map((record) => JSON.stringify(record));
  return buildCheckpoint(formatLines(CHAIN_START, bodies).bytes, "ledger.jsonl");
};
const CREATED = { kind: "created", version: 2, at: AT };

test.each([
  ["of a request", intent("a\0b#1")],
  ["of a device", intent("a#1", { device: { ...DEVICE, serialNumber: "A\0B" } })],
  ["of a call", intent("a#1", { clientRequestId: "\ud800" })],
])("a ledger with a name that no table can hold gets no index: one %s", (_, record) => {
  expect(build(CREATED, record)).toBeNull();
});

test("a ledger without a line gets none", () => {
  expect(build()).toBeNull();
});

import { hash } from "node:crypto";
import { expect, test } from "@jest/globals";
import { buildCheckpoint } from "../../../providers/ledger/build-checkpoint.ts";
import { formatCheckpoint } from "../../../providers/ledger/checkpoint.ts";
import { CHAIN_START, formatLines } from "../../../providers/ledger/ledger-line.ts";
import { AT, begun, DEVICE, intent, result } from "../../contract/sample-records.ts";
import { auditedRecord } from "../../support/fakes-audit.ts";

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

test("what an index holds of a ledger changes with its format's number alone", () => {
  const checkpoint = build(CREATED, begun("a#1"), intent("a#1"), result("a#1"), auditedRecord(), intent("b#1"));

  const file = checkpoint === null ? Buffer.alloc(0) : formatCheckpoint(checkpoint);

  expect([file.subarray(0, 11).toString(), hash("sha256", file)]).toEqual([
    '{"format":1',
    "8fc3b1df3b921eb66e63a17f0e883c737d2fb96e01c061767b0cf86a2ac16fd2",
  ]);
});

test("a ledger without a line gets none", () => {
  expect(build()).toBeNull();
});

import { expect, test } from "@jest/globals";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { LedgerSnapshot } from "../../providers/pulumi/program/ledger-snapshot.ts";
import { removedRequests } from "../../providers/pulumi/program/removed-requests.ts";
import { isInShard } from "../../providers/pulumi/program/shard.ts";
import { begun, intent, outcome } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";
import { factsOf } from "../support/ledger-contents.ts";

const WHOLE = { shard: { index: 1, of: 1 } };
const request = (name: string) => lifecycleRequest(["wipe"], { name });
const begunAs = (name: string) => begun(jobOf(request(name)).plan);

function told(keys: readonly string[], names: readonly string[], records: readonly RequestRecord[], settings = WHOLE): readonly string[] {
  const requests = keys.map((key) => ({ key, calls: [] }));
  return removedRequests({ requests }, names.map(request), new LedgerSnapshot(factsOf(...records)), settings);
}

test("nothing is said where every request of state is in the files", () => {
  expect(told(["a#1"], ["a", "b"], [])).toEqual([]);
});

test("a removed request does nothing to its device", () => {
  expect(told(["a#1"], ["b"], [])).toEqual([
    '1 request is not in the files of this stack any more: "delete" only forgets them, and nothing happens to their devices',
  ]);
});

test("those that have ended, and were archived, are one line however many they are", () => {
  const ended = ["a", "b"].flatMap((name) => [begunAs(name), outcome(name === "a" ? "succeeded" : "failed", { key: `${name}#1` })]);
  const under = [begunAs("c"), intent(0, { key: "c#1" })];
  const line =
    '2 finished requests are not in the files of this stack any more, archived or deleted: "delete" only forgets them, the ledger does not, and nothing happens to their devices';

  expect(told(["a#1", "b#1"], [], ended)).toEqual([line]);
  expect(told(["a#1", "b#1", "c#1"], [], [...ended, ...under])).toEqual([
    line,
    expect.stringMatching(/^1 request is not in the files/),
    expect.stringMatching(/^c is removed before it has ended/),
  ]);
});

test("one in doubt is better settled first, with the command to type", () => {
  const doubtful = [begunAs("a"), intent(0, { key: "a#1" }), outcome("ambiguous", { key: "a#1" })];

  const [, text] = told(["a#1"], [], doubtful);

  expect(text).toContain("settle it first, with ./dlr settle a (--taken or --not-taken, and --why TEXT)");
});

test("one that is under way may still take effect", () => {
  const pending = [begunAs("a"), intent(0, { key: "a#1" }), outcome("pending", { key: "a#1" })];

  expect(told(["a#1"], [], pending)[1]).toContain("removed before it has ended (pending): what was sent may still take effect");
});

test("of many only some are named", () => {
  const names = Array.from({ length: 25 }, (_, index) => `r${index}`);
  const records = names.flatMap((name) => [begunAs(name), intent(0, { key: `${name}#1` })]);

  const lines = told(
    names.map((name) => `${name}#1`),
    [],
    records,
  );

  expect(lines[0]).toMatch(/^25 requests are not in the files/);
  expect(lines).toHaveLength(22);
  expect(lines.at(-1)).toBe("and 5 more that have not ended");
});

test("a request that belongs to another shard now is not in this stack any more", () => {
  const shard = [1, 2].map((index) => ({ index, of: 2 })).find((one) => !isInShard("a", one)) ?? WHOLE.shard;

  expect(told(["a#1"], ["a"], [], { shard })).toHaveLength(1);
});

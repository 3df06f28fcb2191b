import { expect, test } from "@jest/globals";
import { DRIFT_KINDS, DRIFTS, type DriftWeight } from "../../providers/domain/drift.ts";
import { readPage } from "./claims.ts";

const WORDS: Readonly<Record<DriftWeight, string>> = { drift: "drift", notice: "notice", unknown: "cannot be told" };

test("the page of drift has every kind, in the order in which it is told, with what it counts as and what mends it", async () => {
  const rows = (await readPage("drift.md")).split("\n").flatMap((line) => {
    const [, kind, , weight, mends] = /^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/.exec(line) ?? [];
    return kind === undefined ? [] : [[kind, weight, mends !== "no"]];
  });

  expect(rows).toEqual(DRIFT_KINDS.map((kind) => [kind, WORDS[DRIFTS[kind].weight], DRIFTS[kind].isMended]));
});

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { isInShard } from "../../providers/pulumi/program/shard.ts";

describe("shards", () => {
  test("of any number cover each name exactly once", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), (name, of) => {
        const shards = Array.from({ length: of }, (_, index) => ({ index: index + 1, of }));

        expect(shards.filter((shard) => isInShard(name, shard))).toHaveLength(1);
      }),
    );
  });

  test("share the names out about evenly", () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `summer-return/SERIAL${index}`);

    const counts = [1, 2, 3, 4].map((index) => names.filter((name) => isInShard(name, { index, of: 4 })).length);

    expect(Math.min(...counts)).toBeGreaterThan(200);
  });

  test("keep a name for good: another place would do a request a second time", () => {
    // By the first four bytes of the name's SHA-256, big-endian, modulo 4, counted from 1.
    expect([1, 2, 3, 4].find((index) => isInShard("leeds-leaver-0042", { index, of: 4 }))).toBe(2);
  });
});

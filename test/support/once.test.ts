import { expect, test } from "@jest/globals";
import { onceFor } from "../../providers/support/once.ts";

test("work is done once for each key, a failure too", async () => {
  const done: string[] = [];
  const work = onceFor(async (key: string, rest: number) => {
    done.push(`${key}${rest}`);
    if (key === "bad") throw new Error("no");
    return rest;
  });

  expect(await Promise.all([work("a", 1), work("a", 2), work("b", 3)])).toEqual([1, 1, 3]);
  await expect(work("bad", 4)).rejects.toThrow("no");
  await expect(work("bad", 5)).rejects.toThrow("no");
  expect(done).toEqual(["a1", "b3", "bad4"]);
});

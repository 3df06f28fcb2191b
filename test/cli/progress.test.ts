import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { elapsedText, withProgress } from "../../cli/pulumi/progress.ts";

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

test.each([
  [0, "0 s"],
  [59_400, "59 s"],
  [59_600, "1 min 0 s"],
  [200_000, "3 min 20 s"],
])("%i ms read as %s", (milliseconds, text) => {
  expect(elapsedText(milliseconds)).toBe(text);
});

test("what takes long is told when it begins, and every 20 seconds until it ends", async () => {
  const said: string[] = [];

  await withProgress(
    (line) => said.push(line),
    { what: "compiling", expected: "a minute" },
    async () => {
      await jest.advanceTimersByTimeAsync(45_000);
    },
  );
  await jest.advanceTimersByTimeAsync(60_000);

  expect(said).toEqual(["pulumi: compiling (a minute)", "pulumi: still compiling, 20 s so far", "pulumi: still compiling, 40 s so far"]);
});

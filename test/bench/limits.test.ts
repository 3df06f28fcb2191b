import { expect, test } from "@jest/globals";
import { allowedSeconds, LIMIT_CASES } from "../../bench/limits.ts";

test("what Intune's limits allow: 200 writes at once, 200 more each 20 seconds, then the last device", () => {
  const base = { mode: "unlock-and-wipe", wait: "1s", ends: true, deviceSeconds: 0 } as const;

  expect(allowedSeconds({ ...base, requests: 100, writesOfEach: 2 })).toBe(0);
  expect(allowedSeconds({ ...base, requests: 101, writesOfEach: 2 })).toBe(20);
  expect(allowedSeconds({ ...base, requests: 600, writesOfEach: 1, deviceSeconds: 30 })).toBe(70);
  expect(LIMIT_CASES.map((one) => Math.round(allowedSeconds(one)))).toEqual([40, 70]);
});

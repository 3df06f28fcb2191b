import { expect, test } from "@jest/globals";
import { devicePath, get, post } from "./support/graph-client.ts";
import { emulators, testClock } from "./support/with-emulator.ts";

const start = emulators();
const LIST = "/v1.0/deviceManagement/managedDevices?$top=1&$select=id";

test("writes have a limit of their own, which ends with the window", async () => {
  const time = testClock();
  const emulator = await start({ clock: time.clock, throttle: { writes: 2, windowMs: 20_000, retryAfter: "seconds" } });
  const sync = () => post(emulator, devicePath(emulator, "DMPXK2ABCDEF", "/syncDevice"));

  const statuses = [(await sync()).status, (await sync()).status];
  time.advance(5_000);
  const refused = await sync();
  const read = await get(emulator, LIST);
  time.advance(15_001);
  const later = await sync();

  expect(statuses).toEqual([204, 204]);
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("15");
  expect(refused.body.error.code).toBe("TooManyRequests");
  expect([read.status, later.status]).toEqual([200, 204]);
  expect(emulator.device("DMPXK2ABCDEF").received).toHaveLength(3);
});

test.each([
  ["seconds", /^20$/],
  ["date", /^Fri, 20 Nov 2026 12:00:20 GMT$/],
] as const)("Retry-After can be said in %s", async (retryAfter, form) => {
  const emulator = await start({ clock: testClock().clock, throttle: { calls: 1, retryAfter } });

  await get(emulator, LIST);
  const refused = await get(emulator, LIST);

  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toMatch(form);
});

test("Graph's own limits hold by default, without Retry-After, and can be switched off", async () => {
  const strict = await start({ clock: testClock().clock });
  const open = await start({ clock: testClock().clock, throttle: "off" });

  const statuses = { strict: new Set<number>(), open: new Set<number>() };
  for (let write = 0; write <= 200; write += 1) {
    const refused = await post(strict, devicePath(strict, "DMPXK2ABCDEF", "/syncDevice"));
    statuses.strict.add(refused.status);
    if (refused.status === 429) expect(refused.headers.has("retry-after")).toBe(false);
    statuses.open.add((await post(open, devicePath(open, "DMPXK2ABCDEF", "/syncDevice"))).status);
  }

  expect([...statuses.strict]).toEqual([204, 429]);
  expect([...statuses.open]).toEqual([204]);
});

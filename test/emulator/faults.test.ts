import { describe, expect, test } from "@jest/globals";
import type { Emulator, FaultSpec } from "../../emulator/graph/start-emulator.ts";
import { type Answer, devicePath, get, post } from "./support/graph-client.ts";
import { emulators, testClock } from "./support/with-emulator.ts";

const start = emulators();
const IPAD = "DMPXK2ABCDEF";
const PHONE = "F17XK2PHONE1";

function wipe(emulator: Emulator, serial = IPAD, signal?: AbortSignal): Promise<Answer> {
  return post(emulator, devicePath(emulator, serial, "/wipe"), undefined, signal === undefined ? {} : { signal });
}

function readCode(emulator: Emulator, serial = IPAD): Promise<Answer> {
  return get(emulator, devicePath(emulator, serial, "?$select=id,activationLockBypassCode"));
}

/** The status, or the code of the error that the client saw instead. */
async function outcome(answer: Promise<Answer>): Promise<unknown> {
  try {
    return (await answer).status;
  } catch (error) {
    return (error as { readonly name?: unknown }).name;
  }
}

describe("an error answer", () => {
  test.each([
    ["before", false, 0],
    ["after", true, 1],
  ])("comes %s the action took effect", async (_when, applied, received) => {
    const emulator = await start();
    const fault = emulator.setFault({ device: IPAD, call: "wipe", effect: { kind: "status", status: 503, applied } });

    const answer = await wipe(emulator);

    expect([answer.status, answer.body.error.code]).toEqual([503, "ServiceUnavailable"]);
    expect(emulator.device(IPAD).received).toHaveLength(received);
    expect(fault.fired).toBe(1);
  });

  test.each([
    ["graph", "application/json", { error: { code: "InternalServerError", innerError: expect.any(Object) } }],
    ["intune", "application/json", { error: { message: expect.stringContaining("Operation ID") } }],
    ["odataV3", "application/json", { "odata.error": { code: "InternalServerError" } }],
    ["oauth", "application/json", { error: "InternalServerError", error_description: expect.any(String) }],
    ["message", "application/json", { Message: expect.any(String) }],
    ["emptyObject", "application/json", {}],
    ["empty", null, null],
    ["html", "text/html", undefined],
    ["malformed", "application/json", undefined],
  ] as const)("can have the body %s", async (body, type, expected) => {
    const emulator = await start();
    emulator.setFault({ call: "wipe", effect: { kind: "status", status: 500, body } });

    const answer = await wipe(emulator);

    expect(answer.status).toBe(500);
    expect(answer.headers.get("content-type")?.split(";")[0] ?? null).toBe(type);
    if (expected === undefined || expected === null) expect(answer.body).toBe(expected);
    else expect(answer.body).toMatchObject(expected);
  });

  test.each([
    [3, "3"],
    ["date", "Fri, 20 Nov 2026 12:00:02 GMT"],
    [undefined, null],
  ] as const)("of throttling can say Retry-After as %s", async (retryAfter, header) => {
    const emulator = await start({ clock: testClock().clock });
    const effect = { kind: "status", status: 429, ...(retryAfter === undefined ? {} : { retryAfter }) } as const;
    emulator.setFault({ call: "wipe", nth: 1, effect });

    const answers = [await wipe(emulator), await wipe(emulator)];

    expect(answers.map((answer) => answer.status)).toEqual([429, 204]);
    expect(answers[0]?.headers.get("retry-after")).toBe(header);
    expect(answers[0]?.headers.get("date")).toBe("Fri, 20 Nov 2026 12:00:00 GMT");
  });

  test("that asks for a new token carries Graph's challenge", async () => {
    const emulator = await start();
    emulator.setFault({ call: "wipe", nth: 1, effect: { kind: "status", status: 401 } });

    const answers = [await wipe(emulator), await wipe(emulator)];

    expect(answers.map((answer) => answer.status)).toEqual([401, 204]);
    expect(answers[0]?.headers.get("www-authenticate")).toMatch(/^Bearer /);
  });

  test("can have a code, a text and headers of its own", async () => {
    const emulator = await start();
    const headers = { "x-msft-approval-code": "abc" };
    emulator.setFault({ call: "wipe", effect: { kind: "status", status: 412, code: "Odd", message: "Licence lacks", headers } });

    const answer = await wipe(emulator);

    expect(answer.body.error).toMatchObject({ code: "Odd", message: "Licence lacks" });
    expect(answer.headers.get("x-msft-approval-code")).toBe("abc");
  });
});

describe("a connection", () => {
  test.each([
    ["before", false, 0],
    ["after", true, 1],
  ])("is reset %s the action took effect", async (_when, applied, received) => {
    const emulator = await start();
    emulator.setFault({ call: "wipe", effect: { kind: "reset", applied } });

    expect(await outcome(wipe(emulator))).toBe("TypeError");
    expect(emulator.device(IPAD).received).toHaveLength(received);
    expect(emulator.actionCalls).toMatchObject([{ status: null }]);
  });

  test.each([
    ["before", false, 0],
    ["after", true, 1],
  ])("hangs %s the action took effect, until the client gives up", async (_when, applied, received) => {
    const emulator = await start();
    emulator.setFault({ call: "wipe", effect: { kind: "hang", applied } });
    const giveUp = new AbortController();
    emulator.on("unanswered", () => giveUp.abort());

    expect(await outcome(wipe(emulator, IPAD, giveUp.signal))).toBe("AbortError");
    expect(emulator.device(IPAD).received).toHaveLength(received);
  });

  test("that hangs does not keep the emulator from closing", async () => {
    const emulator = await start();
    emulator.setFault({ call: "any", effect: { kind: "hang" } });
    const hanging = new Promise((resolve) => {
      emulator.on("unanswered", resolve);
    });
    const answer = outcome(wipe(emulator));

    await hanging;
    await emulator.close();

    expect(await answer).toBe("TypeError");
  });

  test.each(["read", "batch", "wipe"])("breaks in the middle of the answer to %s", async (call) => {
    const emulator = await start();
    emulator.setFault({ call, effect: { kind: "cut" } });
    const calls = {
      read: () => get(emulator, devicePath(emulator, IPAD)),
      batch: () => post(emulator, "/v1.0/$batch", { requests: [{ id: "1", method: "GET", url: "/deviceManagement/managedDevices" }] }),
      wipe: () => wipe(emulator),
    };

    expect(await outcome(calls[call as keyof typeof calls]())).toBe("TypeError");
  });

  test("is slow", async () => {
    const emulator = await start();
    const order: string[] = [];
    emulator.setFault({ call: "wipe", effect: { kind: "slow", delayMs: 50 } });

    const slow = wipe(emulator).then(() => order.push("slow"));
    const quick = readCode(emulator).then(() => order.push("quick"));
    await Promise.all([slow, quick]);

    expect(order).toEqual(["quick", "slow"]);
  });
});

describe("an answer of the right status", () => {
  test("can have the wrong body", async () => {
    const emulator = await start();
    emulator.setFault({ call: "readCode", effect: { kind: "body", body: "html" } });

    const answer = await readCode(emulator);

    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html"]);
  });

  test("to a $batch can lack items, and one item alone can be refused", async () => {
    const emulator = await start();
    const requests = [IPAD, PHONE].map((serial, index) => ({
      id: String(index),
      method: "GET",
      url: `/deviceManagement/managedDevices/${emulator.device(serial).id}`,
    }));
    emulator.setFault({ device: PHONE, batched: true, nth: 1, effect: { kind: "status", status: 503 } });
    emulator.setFault({ call: "batch", nth: 2, effect: { kind: "omitItems", count: 1 } });

    const first = await post(emulator, "/v1.0/$batch", { requests });
    const second = await post(emulator, "/v1.0/$batch", { requests });

    expect(first.body.responses).toMatchObject([
      { id: "1", status: 503 },
      { id: "0", status: 200 },
    ]);
    expect(second.body.responses).toHaveLength(1);
  });
});

describe("the device", () => {
  test.each(["failed", "notSupported", "canceled"] as const)("ends the action as %s", async (state) => {
    const emulator = await start({ checkInDelayMs: 0 });
    emulator.setFault({ call: "wipe", effect: { kind: "result", state } });

    await wipe(emulator);

    expect(emulator.device(IPAD)).toMatchObject({ present: true, results: [{ actionState: state }] });
  });

  test("never reports", async () => {
    const time = testClock();
    const emulator = await start({ clock: time.clock });
    emulator.setFault({ call: "wipe", effect: { kind: "result", state: "never" } });

    await wipe(emulator);
    time.advance(365 * 24 * 3600 * 1000);

    expect(emulator.device(IPAD).results).toMatchObject([{ actionState: "pending" }]);
  });

  test("takes the action and never tells of it", async () => {
    const emulator = await start({ checkInDelayMs: 0 });
    emulator.setFault({ call: "retire", effect: { kind: "result", state: "silent" } });

    const before = emulator.device(IPAD).managedDevice.managementState;
    await post(emulator, devicePath(emulator, IPAD, "/retire"));

    expect(emulator.device(IPAD)).toMatchObject({ present: false, results: [], managedDevice: { managementState: before } });
  });

  test("shows no code, or another one at the second read", async () => {
    const emulator = await start();
    const { bypassCode } = emulator.device(IPAD);
    emulator.setFault({ device: PHONE, call: "readCode", nth: 1, effect: { kind: "code", code: "null" } });
    emulator.setFault({ device: IPAD, call: "readCode", nth: 2, effect: { kind: "code", code: "rotated" } });

    const phone = [(await readCode(emulator, PHONE)).body, (await readCode(emulator, PHONE)).body];
    const ipad = [(await readCode(emulator)).body, (await readCode(emulator)).body, (await readCode(emulator)).body];
    const codes = ipad.map((body) => body.activationLockBypassCode);

    expect(phone.map((body) => body.activationLockBypassCode === null)).toEqual([true, false]);
    expect(codes[0]).toBe(bypassCode);
    expect(codes[1]).not.toBe(bypassCode);
    expect(codes[2]).toBe(codes[1]);
  });

  test("is gone right before a call", async () => {
    const emulator = await start();
    emulator.setFault({ device: IPAD, call: "wipe", effect: { kind: "gone" } });

    expect((await readCode(emulator)).status).toBe(200);
    expect((await wipe(emulator)).status).toBe(404);
    expect((await readCode(emulator)).status).toBe(404);
  });
});

describe("a fault strikes", () => {
  test("the calls of its device, kind and number only", async () => {
    const emulator = await start();
    const fault = emulator.setFault({
      device: emulator.device(IPAD).id,
      call: ["wipe", "retire"],
      nth: [2, 3],
      effect: { kind: "status", status: 500 },
    });

    const statuses: number[] = [];
    for (const action of ["wipe", "retire", "remoteLock", "wipe", "wipe"])
      statuses.push((await post(emulator, devicePath(emulator, IPAD, `/${action}`))).status);
    const phone = await wipe(emulator, PHONE);

    expect(statuses).toEqual([204, 500, 204, 500, 204]);
    expect([phone.status, fault.fired]).toEqual([204, 2]);
  });

  test("until it is taken back", async () => {
    const emulator = await start({ faults: [{ call: "list", effect: { kind: "status", status: 500 } }] });
    const list = async () => (await get(emulator, "/v1.0/deviceManagement/managedDevices")).status;

    const before = await list();
    emulator.clearFaults();
    const fault = emulator.setFault({ call: "list", effect: { kind: "status", status: 502 } });
    const during = await list();
    fault.remove();

    expect([before, during, await list()]).toEqual([500, 502, 200]);
  });

  test("its own device where a device file holds it", async () => {
    const emulator = await start({
      devices: [
        { serialNumber: "FAULTYDEVICE", "x-emulator": { faults: [{ call: "wipe", effect: { kind: "status", status: 500 } }] } },
        { serialNumber: "SOUNDDEVICE1" },
      ],
    });

    expect([(await wipe(emulator, "FAULTYDEVICE")).status, (await wipe(emulator, "SOUNDDEVICE1")).status]).toEqual([500, 204]);
  });

  test.each([
    [{ call: "wipes", effect: { kind: "reset" } }],
    [{ device: "NOBODY", effect: { kind: "reset" } }],
    [{ effect: { kind: "explode" } }],
    [{ effect: { kind: "status", status: "500" } }],
    [{ effect: { kind: "status", status: 500, body: "xml" } }],
    [{ nth: 0, effect: { kind: "reset" } }],
    [{}],
  ])("never when it could not: %j is refused", async (spec) => {
    const emulator = await start();

    expect(() => emulator.setFault(spec as unknown as FaultSpec)).toThrow(/fault/);
  });
});

describe("events", () => {
  test("come in the order request, applied, answered, and are waited for", async () => {
    const emulator = await start();
    const seen: string[] = [];
    for (const event of ["request", "applied", "answered"] as const)
      emulator.on(event, async ({ action }) => {
        await Promise.resolve();
        seen.push(`${event} ${action} ${emulator.device(IPAD).received.length}`);
      });

    await wipe(emulator);
    await readCode(emulator);

    expect(seen.slice(0, 3)).toEqual(["request wipe 0", "applied wipe 1", "answered wipe 1"]);
    expect(seen[3]).toBe("request null 1");
  });

  test("stop when they are no longer listened to", async () => {
    const emulator = await start();
    const seen: unknown[] = [];
    const stop = emulator.on("request", (request) => {
      seen.push(request.kind);
    });

    await readCode(emulator);
    stop();
    await readCode(emulator);

    expect(seen).toEqual(["readCode"]);
  });
});

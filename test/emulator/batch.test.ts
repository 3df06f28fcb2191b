import { describe, expect, test } from "@jest/globals";
import type { Emulator } from "../../emulator/graph/start-emulator.ts";
import { type Answer, post } from "./support/graph-client.ts";
import { emulators } from "./support/with-emulator.ts";

const start = emulators();

interface BatchResponse {
  readonly id: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into Graph's JSON as it comes
  readonly body?: any;
}

function batch(emulator: Emulator, requests: readonly unknown[], token?: string | null): Promise<Answer> {
  return post(emulator, "/v1.0/$batch", { requests }, token === undefined ? {} : { token });
}

function byId(answer: Answer): ReadonlyMap<string, BatchResponse> {
  return new Map(answer.body.responses.map((response: BatchResponse) => [response.id, response]));
}

function reads(emulator: Emulator, serials: readonly string[]): readonly unknown[] {
  return serials.map((serial, index) => ({
    id: `item-${index}`,
    method: "GET",
    url: `/deviceManagement/managedDevices/${emulator.device(serial).id}?$select=serialNumber`,
  }));
}

describe("$batch", () => {
  test("answers every item under its id, in another order", async () => {
    const emulator = await start();
    const serials = ["DMPXK2ABCDEF", "F17XK2PHONE1", "PF3XK2WINDOW"];

    const answer = await batch(emulator, reads(emulator, serials));

    expect(answer.status).toBe(200);
    expect(answer.body.responses.map((response: BatchResponse) => response.id)).not.toEqual(["item-0", "item-1", "item-2"]);
    for (const [index, serialNumber] of serials.entries())
      expect(byId(answer).get(`item-${index}`)).toMatchObject({
        status: 200,
        headers: { "Content-Type": "application/json" },
        body: { serialNumber },
      });
  });

  test("acts, and answers errors item by item", async () => {
    const emulator = await start();
    const { id } = emulator.device("DMPXK2ABCDEF");
    const headers = { "Content-Type": "application/json", "client-request-id": "aaaa" };

    const answer = await batch(emulator, [
      { id: "wipe", method: "POST", url: `deviceManagement/managedDevices/${id}/wipe`, headers, body: { persistEsimDataPlan: true } },
      { id: "bad", method: "POST", url: `deviceManagement/managedDevices/${id}/wipe`, headers, body: { nonsense: 1 } },
      { id: "gone", method: "GET", url: "/deviceManagement/managedDevices/00000000-0000-0000-0000-000000000000" },
    ]);

    const responses = byId(answer);
    expect(responses.get("wipe")).toEqual({ id: "wipe", status: 204, headers: expect.any(Object) });
    expect(responses.get("bad")).toMatchObject({ status: 400, body: { error: { innerError: { "client-request-id": "aaaa" } } } });
    expect(responses.get("gone")?.status).toBe(404);
    expect(emulator.device("DMPXK2ABCDEF").received).toMatchObject([
      { parameters: { persistEsimDataPlan: true }, clientRequestId: "aaaa" },
    ]);
    expect(emulator.requests.map(({ kind, batched, status }) => [kind, batched, status])).toEqual([
      ["batch", false, 200],
      ["action", true, 204],
      ["action", true, 400],
      ["read", true, 404],
    ]);
  });

  test("takes 20 items and no more", async () => {
    const emulator = await start();
    const items = reads(
      emulator,
      Array.from({ length: 21 }, () => "DMPXK2ABCDEF"),
    );

    expect((await batch(emulator, items.slice(0, 20))).body.responses).toHaveLength(20);
    expect((await batch(emulator, items)).status).toBe(400);
  });

  test.each([
    ["no items", []],
    ["an item without an id", [{ method: "GET", url: "/deviceManagement/managedDevices" }]],
    ["an item without a url", [{ id: "1", method: "GET" }]],
    ["an absolute url", [{ id: "1", method: "GET", url: "https://graph.microsoft.com/v1.0/deviceManagement/managedDevices" }]],
    ["a batch in a batch", [{ id: "1", method: "POST", url: "/$batch", headers: { "Content-Type": "application/json" }, body: {} }]],
    ["a body without its type", [{ id: "1", method: "POST", url: "/deviceManagement/managedDevices/x/wipe", body: {} }]],
    [
      "two items of one id",
      [
        { id: "1", method: "GET", url: "/deviceManagement/managedDevices" },
        { id: "1", method: "GET", url: "/deviceManagement/managedDevices" },
      ],
    ],
  ])("is refused as a whole for %s", async (_what, requests) => {
    const emulator = await start();

    const answer = await batch(emulator, requests);

    expect(answer.status).toBe(400);
    expect(emulator.requests).toHaveLength(1);
  });

  test("is refused as a whole without a token, and its items keep to their own permissions", async () => {
    const emulator = await start({
      tokens: [{ token: "reader", kind: "application", permissions: ["DeviceManagementManagedDevices.Read.All"] }],
    });
    const { id } = emulator.device("DMPXK2ABCDEF");
    const items = [
      ...reads(emulator, ["DMPXK2ABCDEF"]),
      { id: "wipe", method: "POST", url: `/deviceManagement/managedDevices/${id}/wipe` },
    ];

    const anonymous = await batch(emulator, items, null);
    const reader = byId(await batch(emulator, items, "reader"));

    expect(anonymous.status).toBe(401);
    expect([reader.get("item-0")?.status, reader.get("wipe")?.status]).toEqual([200, 403]);
    expect(emulator.device("DMPXK2ABCDEF").received).toEqual([]);
  });

  test("throttles its items one by one", async () => {
    const emulator = await start({ throttle: { calls: 2, retryAfter: "seconds" } });

    const answer = await batch(emulator, reads(emulator, ["DMPXK2ABCDEF", "F17XK2PHONE1", "PF3XK2WINDOW"]));

    const statuses = answer.body.responses.map((response: BatchResponse) => response.status).toSorted();
    expect(statuses).toEqual([200, 200, 429]);
    expect(byId(answer).get("item-2")?.headers["Retry-After"]).toMatch(/^\d+$/);
  });
});

import { describe, expect, test } from "@jest/globals";
import { DEFAULT_FLEET } from "../../emulator/graph/devices/default-fleet.ts";
import { get } from "./support/graph-client.ts";
import { emulators } from "./support/with-emulator.ts";

const LIST = "/v1.0/deviceManagement/managedDevices";
const start = emulators();

describe("a list of devices", () => {
  test("never holds a bypass code, nor results of actions, whatever $select asks for", async () => {
    const emulator = await start();
    emulator.act("DMPXK2ABCDEF", "remoteLock");

    const everything = await get(emulator, LIST);
    const selected = await get(emulator, `${LIST}?$select=id,activationLockBypassCode,deviceActionResults`);

    expect(everything.body.value).toHaveLength(12);
    for (const device of [...everything.body.value, ...selected.body.value])
      expect(device).toMatchObject({ activationLockBypassCode: null, deviceActionResults: [] });
    expect(everything.text).not.toContain(emulator.device("DMPXK2ABCDEF").bypassCode);
  });

  test("comes in pages that a link continues, each device once", async () => {
    const emulator = await start({ pageSize: 5 });
    const pages: string[][] = [];

    let path: string | undefined = `${LIST}?$select=id&$count=true`;
    while (path !== undefined) {
      const page = await get(emulator, path);
      expect(page.body["@odata.count"]).toBe(12);
      pages.push(page.body.value.map((device: { id: string }) => device.id));
      path = page.body["@odata.nextLink"]?.slice(emulator.url.length);
    }

    expect(pages.map((page) => page.length)).toEqual([5, 5, 2]);
    expect(new Set(pages.flat()).size).toBe(12);
  });

  test("honours $top as the size of a page, $skip and $orderby", async () => {
    const emulator = await start();
    const sorted = DEFAULT_FLEET.map(({ deviceName }) => deviceName as string).toSorted((a, b) => (a < b ? -1 : 1));

    const page = await get(emulator, `${LIST}?$select=deviceName&$orderby=deviceName&$skip=2&$top=3`);
    const next = await get(emulator, page.body["@odata.nextLink"].slice(emulator.url.length));

    expect(page.body.value.map((device: { deviceName: string }) => device.deviceName)).toEqual(sorted.slice(2, 5));
    expect(next.body.value.map((device: { deviceName: string }) => device.deviceName)).toEqual(sorted.slice(5, 8));
  });

  test.each([
    "$top=0",
    "$top=1001",
    "$top=many",
    "$skip=-1",
    "$skiptoken=forged",
    "$select=serialnumber",
    "$select=nonsense",
    "$expand=users",
    "$search=x",
    "$orderby=nonsense",
    "$orderby=id sideways",
    "$select=id&$select=id",
    "$filter=serialNumber eq 'open",
    "$filter=serialNumber eq ABC",
  ])("refuses %s as Graph does", async (query) => {
    const emulator = await start();

    const answer = await get(emulator, `${LIST}?${query}`);

    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({ code: "BadRequest", message: expect.any(String) });
  });

  test("knows beta's properties in beta only", async () => {
    const emulator = await start();

    expect((await get(emulator, `${LIST}?$select=lostModeState`)).status).toBe(400);
    expect((await get(emulator, `/beta/deviceManagement/managedDevices?$select=lostModeState`)).status).toBe(200);
  });
});

describe("$filter", () => {
  async function found(query: string, options = {}): Promise<readonly (string | null)[]> {
    const emulator = await start(options);
    const answer = await get(emulator, `${LIST}?$select=serialNumber&$filter=${encodeURIComponent(query)}`);
    expect(answer.status).toBe(200);
    return answer.body.value.map((device: { serialNumber: string | null }) => device.serialNumber);
  }

  test.each([
    ["serialNumber eq 'DMPXK2ABCDEF'", ["DMPXK2ABCDEF"]],
    ["serialNumber eq 'DMPXK2TWICE1'", ["DMPXK2TWICE1", "DMPXK2TWICE1"]],
    ["serialNumber eq 'dmpxk2 lower7'", ["dmpxk2 lower7"]],
    ["deviceName eq 'Jane''s iPhone'", ["F2LXK2PERS01"]],
    ["userPrincipalName eq 'j.doe@contoso.example'", ["DMPXK2ABCDEF"]],
    ["serialNumber in ('DMPXK2ABCDEF', 'F17XK2PHONE1')", ["DMPXK2ABCDEF", "F17XK2PHONE1"]],
    ["serialNumber eq 'DMPXK2ABCDEF' or serialNumber eq 'F17XK2PHONE1'", ["DMPXK2ABCDEF", "F17XK2PHONE1"]],
    ["(operatingSystem eq 'macOS' or operatingSystem eq 'Windows') and deviceName eq 'Leeds Mac 0007'", ["C02XK2MACBK1"]],
    ["serialNumber eq 'NOBODY'", []],
    ["serialNumber eq 'dmpxk2abcdef'", []],
  ])("%s", async (query, serials) => {
    expect(await found(query)).toEqual(serials);
  });

  test("tells letters' case apart only where the tenant is said to", async () => {
    expect(await found("serialNumber eq 'dmpxk2abcdef'", { filterCase: "insensitive" })).toEqual(["DMPXK2ABCDEF"]);
  });

  test.each([
    "id eq '61061656-c552-543a-a013-548bcbf91b09'",
    "model eq 'iPad'",
    "serialnumber eq 'DMPXK2ABCDEF'",
    "serialNumber ne 'DMPXK2ABCDEF'",
    "contains(serialNumber,'DMPXK2ABCDEF')",
    "serialNumber eq 'DMPXK2ABCDEF' or deviceName eq 'Leeds iPad 0042'",
    "serialNumber in ('DMPXK2ABCDEF'",
    "not (serialNumber eq 'DMPXK2ABCDEF')",
    "serialNumber eq 'DMPXK2ABCDEF' and",
    "",
  ])("ignores what Intune does not support, and gives every device: %s", async (query) => {
    expect(await found(query)).toHaveLength(12);
  });

  test("gives every device for a supported filter too when the trap is set", async () => {
    expect(await found("serialNumber eq 'DMPXK2ABCDEF'", { filterTrap: true })).toHaveLength(12);
  });
});

describe("one device", () => {
  test("shows its bypass code only to a $select that names it", async () => {
    const emulator = await start();
    const { id, bypassCode } = emulator.device("DMPXK2ABCDEF");

    const plain = await get(emulator, `${LIST}/${id}`);
    const selected = await get(emulator, `${LIST}/${id.toUpperCase()}?$select=id,activationLockBypassCode`);

    expect(plain.body).toMatchObject({ id, serialNumber: "DMPXK2ABCDEF", isSupervised: true, activationLockBypassCode: null });
    expect(bypassCode).toMatch(/^\w{5}-\w{5}-\w{4}-\w{4}-\w{4}-\w{4}$/);
    expect(selected.body).toEqual({ "@odata.context": expect.any(String), id, activationLockBypassCode: bypassCode });
  });

  test.each(["F2LXK2PERS01", "R58XK2DROID1", "PF3XK2WINDOW", "DMPXK2NOCODE"])("%s has no bypass code", async (serial) => {
    const emulator = await start();

    const answer = await get(emulator, `${LIST}/${emulator.device(serial).id}?$select=activationLockBypassCode`);

    expect(answer.body.activationLockBypassCode).toBeNull();
  });

  test("that does not exist is 404 in Intune's shape, and what only a list takes is 400", async () => {
    const emulator = await start();

    const missing = await get(emulator, `${LIST}/00000000-0000-0000-0000-000000000000`);
    const listOnly = await get(emulator, `${LIST}/${emulator.device("DMPXK2ABCDEF").id}?$filter=serialNumber eq 'x'`);

    expect(missing.status).toBe(404);
    expect(JSON.parse(missing.body.error.message)).toMatchObject({ _version: 3, Message: expect.any(String) });
    expect(listOnly.status).toBe(400);
  });
});

describe("every answer", () => {
  test("echoes client-request-id and carries a request-id of its own, also in errors", async () => {
    const emulator = await start();
    const headers = { "client-request-id": "3b1f0c1e-0000-4000-8000-00000000abcd" };

    const fine = await get(emulator, LIST, { headers });
    const wrong = await get(emulator, `${LIST}?$top=0`, { headers });

    for (const answer of [fine, wrong]) expect(answer.headers.get("client-request-id")).toBe(headers["client-request-id"]);
    expect(fine.headers.get("request-id")).not.toBe(wrong.headers.get("request-id"));
    expect(wrong.body.error.innerError).toMatchObject({
      "client-request-id": headers["client-request-id"],
      "request-id": wrong.headers.get("request-id"),
    });
  });

  test.each(["/deviceManagement/managedDevices", "/v2.0/deviceManagement/managedDevices", "/"])(
    "is 404 outside v1.0 and beta: %s",
    async (path) => {
      const emulator = await start();

      expect((await get(emulator, path)).status).toBe(404);
    },
  );

  test.each([
    "/v1.0/deviceManagement/nonsense",
    "/v1.0//deviceManagement/managedDevices",
    "/v1.0/deviceManagement/operationApprovalRequests",
  ])("is 400 for a path that Graph does not have: %s", async (path) => {
    const emulator = await start();

    expect((await get(emulator, path)).status).toBe(400);
  });

  test("is recorded without the token", async () => {
    const emulator = await start();

    await get(emulator, `${LIST}?$top=1`, { token: "very-secret" });

    expect(emulator.requests).toMatchObject([
      { method: "GET", path: `${LIST}?$top=1`, kind: "list", status: 200, body: null, sequence: 1, batched: false },
    ]);
    expect(JSON.stringify(emulator.requests)).not.toContain("very-secret");
  });
});

import { describe, expect, test } from "@jest/globals";
import { PORTAL } from "../../emulator/graph/audit/audit-book.ts";
import { DAY_MS } from "../../providers/domain/day.ts";
import { call, devicePath, get, post } from "./support/graph-client.ts";
import { emulators, testClock } from "./support/with-emulator.ts";

const start = emulators();
const IPAD = "DMPXK2ABCDEF";
const PHONE = "F17XK2PHONE1";
const EVENTS = "/v1.0/deviceManagement/auditEvents";
const AUDITS = "/beta/deviceManagement/remoteActionAudits";
const ID = "c0ffee00-0000-4000-8000-000000000042";

describe("the audit log", () => {
  test("has who did what to which device, by a call and in the portal, newest first", async () => {
    const time = testClock();
    const emulator = await start({ clock: time.clock });
    await post(emulator, devicePath(emulator, IPAD, "/wipe"), {}, { headers: { "client-request-id": ID } });
    time.advance(1_000);
    emulator.act(PHONE, "retire");

    const { body } = await get(emulator, EVENTS);

    expect(body.value).toMatchObject([
      {
        activityType: "retire ManagedDevice",
        activityDateTime: "2026-11-20T12:00:01.0000000Z",
        activityResult: "Success",
        actor: { applicationId: PORTAL.applicationId, userPrincipalName: "helpdesk@contoso.example", servicePrincipalName: null },
        resources: [{ resourceId: emulator.device(PHONE).id, auditResourceType: "ManagedDevice" }],
      },
      { activityType: "wipe ManagedDevice", actor: { servicePrincipalName: "device-lifecycle", userPrincipalName: null } },
    ]);
    expect(body.value[1].correlationId).not.toBe(ID);
  });

  test("a deleted device is there as Microsoft names it", async () => {
    const emulator = await start();
    await call(emulator, "DELETE", devicePath(emulator, IPAD));

    const { body } = await get(emulator, EVENTS);

    expect(body.value).toMatchObject([{ activityType: "Delete ManagedDevice", activityOperationType: "Delete" }]);
  });

  test("correlates by the caller's own id where that is asked for", async () => {
    const emulator = await start({ audit: { correlation: "clientRequestId" } });
    await post(emulator, devicePath(emulator, IPAD, "/wipe"), {}, { headers: { "client-request-id": ID } });

    expect((await get(emulator, EVENTS)).body.value).toMatchObject([{ correlationId: ID }]);
  });

  test("names the application and the person of a token", async () => {
    const token = { token: "t", kind: "delegated", permissions: [], applicationId: ID, userPrincipalName: "a@contoso.example" } as const;
    const permissions = ["DeviceManagementManagedDevices.PrivilegedOperations.All", "DeviceManagementApps.Read.All"];
    const emulator = await start({ tokens: [{ ...token, permissions }] });
    await post(emulator, devicePath(emulator, IPAD, "/wipe"), {}, { token: "t" });

    const { body } = await get(emulator, EVENTS, { token: "t" });

    expect(body.value).toMatchObject([{ actor: { applicationId: ID, userPrincipalName: "a@contoso.example", auditActorType: "ItPro" } }]);
  });

  test("an event is seen after the delay, and until its retention is over", async () => {
    const time = testClock();
    const emulator = await start({ clock: time.clock, audit: { delayMs: 60_000, retentionMs: DAY_MS } });
    emulator.act(IPAD, "wipe");
    const seen = async () => (await get(emulator, EVENTS)).body.value.length;

    const early = await seen();
    time.advance(60_000);
    const then = await seen();
    time.advance(DAY_MS);

    expect([early, then, await seen()]).toEqual([0, 1, 0]);
  });

  test("comes in pages, takes a filter by time and no other, and counts wrongly", async () => {
    const time = testClock();
    const emulator = await start({ clock: time.clock, pageSize: 2 });
    for (const serial of [IPAD, PHONE, "R58XK2DROID1"]) {
      emulator.act(serial, "syncDevice");
      time.advance(1_000);
    }
    const filtered = `${EVENTS}?$filter=activityDateTime ge 2026-11-20T12:00:01Z`;

    const first = await get(emulator, `${EVENTS}?$count=true`);
    const second = await get(emulator, first.body["@odata.nextLink"].slice(emulator.url.length));
    const others = ["$filter=category eq 'Device'", "$select=id", "$filter=activityDateTime eq 2026-11-20T12:00:01Z", "$top=0"];
    const answers = await Promise.all(others.map((query) => get(emulator, `${EVENTS}?${query}`)));

    expect([first.body.value.length, first.body["@odata.count"], second.body.value.length]).toEqual([2, 2, 1]);
    expect(second.body["@odata.nextLink"]).toBeUndefined();
    expect((await get(emulator, filtered)).body.value).toHaveLength(2);
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
  });

  test("ignores filters where all filters are ignored", async () => {
    const emulator = await start({ filterTrap: true });
    emulator.act(IPAD, "wipe");

    expect((await get(emulator, `${EVENTS}?$filter=activityDateTime ge 2099-01-01T00:00:00Z`)).body.value).toHaveLength(1);
  });

  test.each([
    ["auditEvents", [403, 200]],
    ["both", [403, 403]],
    ["none", [200, 200]],
  ] as const)("is refused by option: %s", async (refused, statuses) => {
    const emulator = await start({ audit: { refused } });

    expect([(await get(emulator, EVENTS)).status, (await get(emulator, AUDITS)).status]).toEqual(statuses);
  });

  test("needs its own permission, which beta's list of remote actions does not", async () => {
    const token = { token: "t", kind: "application", permissions: ["DeviceManagementManagedDevices.Read.All"] } as const;
    const emulator = await start({ tokens: [token] });

    const statuses = [EVENTS, AUDITS].map(async (path) => (await get(emulator, path, { token: "t" })).status);

    expect(await Promise.all(statuses)).toEqual([403, 200]);
  });

  test("takes any event through the admin interface, and who acts elsewhere", async () => {
    const emulator = await start();
    const admin = (path: string, body: object) => call(emulator, "POST", `/_emulator/${path}`, { token: null, body });

    await admin("audit", { activityType: null, resources: null });
    await admin(`devices/${IPAD}/act`, { action: "wipe", actor: { userPrincipalName: "thief@contoso.example", n: 1 } });

    expect((await get(emulator, EVENTS)).body.value).toMatchObject([
      { actor: { userPrincipalName: "thief@contoso.example", applicationId: null } },
      { activityType: null, resources: null },
    ]);
  });
});

test("beta's list of remote actions names a person and a device, and its own words for actions", async () => {
  const emulator = await start({ checkInDelayMs: 0 });
  emulator.act(IPAD, "wipe");
  await post(emulator, devicePath(emulator, PHONE, "/retire"));

  const { body } = await get(emulator, AUDITS);
  const old = await get(emulator, AUDITS.replace("beta", "v1.0"));

  expect(body.value).toMatchObject([
    { action: "removeCompanyData", initiatedByUserPrincipalName: "", managedDeviceId: emulator.device(PHONE).id },
    { action: "factoryReset", initiatedByUserPrincipalName: "helpdesk@contoso.example", actionState: "done" },
  ]);
  expect(old.status).toBe(400);
});

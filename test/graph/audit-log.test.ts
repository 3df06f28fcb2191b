import { afterEach, describe, expect, test } from "@jest/globals";
import type { AuditReading } from "../../providers/domain/audit-log.ts";
import { emulators } from "../emulator/support/with-emulator.ts";
import { type ScriptedAnswer, type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { graphAt } from "./graph-fixture.ts";

const start = emulators();
const open: ScriptedServer[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

const SINCE = Date.parse("2026-11-20T00:00:00Z");
const DEVICE = "a1b2c3d4-0000-4000-8000-000000000001";
const EMPTY_GUID = "00000000-0000-0000-0000-000000000000";

const EVENT = {
  id: "e1",
  activityType: "wipe ManagedDevice",
  activityDateTime: "2026-11-20T10:00:00.1234567Z",
  activityResult: "Success",
  correlationId: "C0FFEE00-0000-4000-8000-000000000042",
  actor: { applicationId: "5926FC8E-304E-4F59-8BED-58CA97CC39A4", userPrincipalName: "help@contoso.example", ipAddress: null },
  resources: [{ resourceId: DEVICE.toUpperCase(), displayName: "Leeds iPad", auditResourceType: "ManagedDevice" }],
};

const json = (body: unknown): ScriptedAnswer => ({ status: 200, body });
const FORBIDDEN: ScriptedAnswer = { status: 403, body: { error: { code: "Forbidden", message: "not authorized" } } };

/** What is read where the server says these one after the other, and what it was asked. */
async function read(...answers: readonly ScriptedAnswer[]) {
  const server = await startScriptedServer([...answers]);
  open.push(server);
  const graph = graphAt(server.url);
  const reading = await graph.auditLog.actionsSince(SINCE);
  return { reading, asked: server.requests.map(({ target }) => decodeURIComponent(target)) };
}

function actionsIn(reading: AuditReading) {
  if (reading.kind !== "seen") throw new Error(reading.why);
  return reading.actions;
}

async function actionsOf(...events: readonly unknown[]) {
  return actionsIn((await read(json({ value: events }))).reading);
}

describe("the audit log", () => {
  test("is asked for since an instant, in one request, and told in the product's words", async () => {
    const { reading, asked } = await read(json({ value: [EVENT] }));

    expect(asked).toEqual(["/v1.0/deviceManagement/auditEvents?$filter=activityDateTime ge 2026-11-20T00:00:00Z"]);
    expect(reading).toEqual({
      kind: "seen",
      source: "auditEvents",
      incomplete: null,
      until: expect.any(Number),
      actions: [
        {
          event: "e1",
          action: "wipe",
          at: "2026-11-20T10:00:00.123Z",
          device: DEVICE,
          deviceName: "Leeds iPad",
          correlationId: "c0ffee00-0000-4000-8000-000000000042",
          hasFailed: false,
          actor: {
            application: "5926fc8e-304e-4f59-8bed-58ca97cc39a4",
            applicationName: null,
            servicePrincipal: null,
            user: "help@contoso.example",
            userId: null,
            ipAddress: null,
          },
        },
      ],
    });
  });

  test.each([
    ["wipe ManagedDevice", "wipe"],
    ["Wipe ManagedDevice", "wipe"],
    ["retire ManagedDevice", "retire"],
    ["Delete ManagedDevice", "delete"],
    ["cleanWindowsDevice ManagedDevice", "cleanWindowsDevice"],
    ["FreshStart ManagedDevice", "cleanWindowsDevice"],
    ["automaticRedeployment ManagedDevice", "wipe"],
    ["AutopilotReset ManagedDevice", "wipe"],
    ["factoryResetKeepEnrollmentData ManagedDevice", "wipe"],
    ["bulkWipe ManagedDevices", "wipe"],
    ["deprovision ManagedDevice", "deprovision"],
    ["wipe", "wipe"],
  ])("%s is a %s", async (activityType, action) => {
    expect(await actionsOf({ ...EVENT, activityType })).toMatchObject([{ action }]);
  });

  test.each([
    "syncDevice ManagedDevice",
    "Delete MobileApp",
    "Delete ManagedDeviceMobileAppConfiguration",
    "cancelWipe ManagedDevice",
    "resetPasscode ManagedDevice",
    "",
  ])("%s is not one of those that destroy", async (activityType) => {
    expect(await actionsOf({ ...EVENT, activityType })).toEqual([]);
  });

  test.each([
    [[{ newValue: "syncDevice" }, null, { newValue: '"wipe"' }], ["wipe"]],
    [[{ newValue: "syncDevice" }], []],
    [[{ newValue: null }], []],
    [undefined, []],
  ])("a bulk action is what its properties say: %j", async (modifiedProperties, expected) => {
    const resources = [{ ...EVENT.resources[0], ...(modifiedProperties === undefined ? {} : { modifiedProperties }) }];

    const actions = await actionsOf({ ...EVENT, activityType: "executeAction ManagedDevice", resources });

    expect(actions.map(({ action }) => action)).toEqual(expected);
  });

  test("each device of one event counts, and each once", async () => {
    const resources = [...EVENT.resources, { resourceId: "B2" }, { resourceId: "b2" }, { resourceId: "g", auditResourceType: "Group" }];

    expect(await actionsOf({ ...EVENT, resources })).toMatchObject([
      { event: `e1/${DEVICE}`, device: DEVICE },
      { event: "e1/b2", device: "b2" },
    ]);
  });

  test.each([
    ["no resources", { resources: [] }, { device: null, deviceName: null }],
    ["null for them", { resources: null }, { device: null }],
    ["no actor", { actor: null }, { actor: { application: null, user: null } }],
    ["an empty correlation", { correlationId: EMPTY_GUID }, { correlationId: null }],
    ["the year 1", { activityDateTime: "0001-01-01T00:00:00Z" }, { at: expect.stringMatching(/^20\d\d-/) }],
    ["no activity type but a name", { activityType: null, displayName: "wipe ManagedDevice" }, { action: "wipe" }],
    ["a failure", { activityResult: "Failure" }, { hasFailed: true }],
    ["an unknown result", { activityResult: "Sent" }, { hasFailed: false }],
    ["numbers for texts", { actor: { userPrincipalName: 7, applicationId: [] }, correlationId: 7 }, { correlationId: null }],
  ])("an event with %s counts all the same", async (_, changes, expected) => {
    expect(await actionsOf({ ...EVENT, ...changes })).toMatchObject([expected]);
  });

  test("an event without an id is named by what it says, the same in each look", async () => {
    const { id: _, ...unnamed } = EVENT;
    const [first, second] = [await actionsOf(unnamed), await actionsOf(unnamed)];
    const [other] = await actionsOf({ ...unnamed, activityDateTime: "2026-11-20T10:00:01Z" });

    expect(first[0]?.event).toMatch(/^unnamed-[0-9a-f]{24}$/);
    expect(second[0]?.event).toBe(first[0]?.event);
    expect(other?.event).not.toBe(first[0]?.event);
  });

  test("texts come in one line that no terminal and no pipeline obeys, and not endless", async () => {
    const hostile = `\u001b[31m::set-output name=x::\n##vso[task]\u202e${"x".repeat(10_000)}`;
    const [action] = await actionsOf({
      ...EVENT,
      id: hostile,
      actor: { userPrincipalName: hostile, applicationDisplayName: hostile, servicePrincipalName: hostile },
      resources: [{ resourceId: hostile, displayName: hostile }],
    });

    const said = [action?.event, action?.device, action?.deviceName, action?.actor.user, action?.actor.servicePrincipal];
    for (const text of said) expect(text).not.toMatch(/[\p{Cc}\p{Bidi_Control}]|^::|##vso\[/u);
    for (const text of said) expect(text?.length).toBeLessThan(300);
  });

  test("rows before the instant are left out, whatever the filter gave", async () => {
    expect(await actionsOf({ ...EVENT, activityDateTime: "2026-11-19T23:59:59Z" })).toEqual([]);
  });

  test("is asked for without the filter where Graph does not take it", async () => {
    const refusal = { status: 400, body: { error: { code: "BadRequest", message: "Invalid filter clause" } } };

    const { reading, asked } = await read(refusal, json({ value: [EVENT] }));

    expect(asked[1]).toBe("/v1.0/deviceManagement/auditEvents");
    expect(actionsIn(reading)).toHaveLength(1);
  });

  test("is read to its last page, over an empty one", async () => {
    const emulator = await start({ pageSize: 2 });
    for (const { id } of emulator.devices().slice(0, 5)) emulator.act(id, "wipe");
    const graph = graphAt(emulator.url);

    const reading = await graph.auditLog.actionsSince(Date.now() - 60_000);

    expect(actionsIn(reading)).toHaveLength(5);
    expect(graph.requestCount()).toBe(3);
  });

  test.each([
    ["a page that fails", { status: 404, body: "{}" }, "Graph did not give Intune's audit log"],
    ["a page without a list", json({}), "has no list"],
    ["a page that is no JSON", { status: 200, body: "<html>" }, "did not answer"],
  ])("%s leaves what was read before it, and says that there may be more", async (_, second, why) => {
    // Behind a proxy on this machine the port may be another's.
    const link = "http://127.0.0.1:1/v1.0/deviceManagement/auditEvents?$skiptoken=1";
    const server = await startScriptedServer([json({ value: [EVENT], "@odata.nextLink": link }), second]);
    open.push(server);

    const reading = await graphAt(server.url).auditLog.actionsSince(SINCE);

    expect(reading).toMatchObject({ kind: "seen", actions: [{ event: "e1" }], incomplete: expect.stringContaining(why) });
  });

  test.each(["https://elsewhere.example/v1.0/deviceManagement/auditEvents?x", "/v1.0/deviceManagement/managedDevices", 7])(
    "a link to %s is not followed",
    async (link) => {
      const { reading } = await read(json({ value: [EVENT], "@odata.nextLink": link }));

      expect(reading).toEqual({ kind: "unreadable", why: "Intune's audit log leads to an address that is not its own" });
    },
  );

  test("entries that are no objects are told of", async () => {
    const { reading } = await read(json({ value: [EVENT, null, 7] }));

    expect(reading).toMatchObject({ actions: [{ event: "e1" }], incomplete: "2 of its entries are unreadable" });
  });
});

describe("where the audit log is refused", () => {
  test("beta's list of remote actions is asked, which tells less", async () => {
    const entry = {
      id: "r1",
      action: "automaticRedeployment",
      requestDateTime: "2026-11-20T10:00:00Z",
      managedDeviceId: DEVICE,
      deviceDisplayName: "Leeds iPad",
      initiatedByUserPrincipalName: "",
      userName: "help@contoso.example",
    };
    const others = [
      { ...entry, id: "r2", action: "syncDevice" },
      { ...entry, id: "r3", requestDateTime: "2026-11-19T10:00:00Z" },
    ];

    const { reading, asked } = await read(FORBIDDEN, json({ value: [entry, ...others] }));

    expect(asked[1]).toBe("/beta/deviceManagement/remoteActionAudits?$filter=requestDateTime ge 2026-11-20T00:00:00Z");
    expect(reading).toMatchObject({
      source: "remoteActionAudits",
      actions: [
        { event: "r1", action: "wipe", device: DEVICE, correlationId: null, actor: { application: null, user: "help@contoso.example" } },
      ],
    });
  });

  test("and that too, nothing was seen, which says nothing about what was done", async () => {
    const { reading } = await read(FORBIDDEN, FORBIDDEN);

    expect(reading).toEqual({ kind: "unreadable", why: expect.stringContaining("the identity lacks DeviceManagementApps.Read.All") });
  });
});

test.each([
  ["an error of Graph's", { status: 404, body: "{}" }],
  ["no list", json({ value: null })],
  ["a sign-in that fails", { status: 401, body: "{}" }],
])("%s is not readable, and beta is not asked", async (_, answer) => {
  const { reading, asked } = await read(answer, answer);

  expect(reading.kind).toBe("unreadable");
  expect(asked.filter((path) => path.startsWith("/beta"))).toEqual([]);
});

test("50,000 events are read in one request a page, in seconds", async () => {
  const emulator = await start();
  const guid = (n: number) => `c0ffee00-0000-4000-8000-${String(n).padStart(12, "0")}`;
  for (let n = 0; n < 50_000; n++)
    emulator.addAuditEvent({ ...EVENT, id: guid(n), activityDateTime: new Date().toISOString(), resources: [{ resourceId: guid(n) }] });
  const graph = graphAt(emulator.url);

  const reading = await graph.auditLog.actionsSince(Date.now() - 3_600_000);

  expect(actionsIn(reading)).toHaveLength(50_000);
  expect(graph.requestCount()).toBe(50);
});

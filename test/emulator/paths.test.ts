import { describe, expect, test } from "@jest/globals";
import { REMOTE_ACTIONS } from "../../providers/domain/actions/action-table.ts";
import { neededParameters } from "../support/action-samples.ts";
import { get, post } from "./support/graph-client.ts";
import { emulators } from "./support/with-emulator.ts";

const start = emulators();

const HOUR = 3_600_000;
const IPAD = "6f1b4a52-0000-4000-8000-000000000001";
const OTHER = "6f1b4a52-0000-4000-8000-000000000002";
const USER = "2d8c1f00-0000-4000-8000-000000000009";
const DEVICES = [
  {
    id: IPAD,
    serialNumber: "PATHSIPAD001",
    operatingSystem: "iPadOS",
    userPrincipalName: "j.doe@contoso.example",
    userId: USER,
    "x-emulator": { detectedApps: [{ id: "app-1" }], deviceRunStates: [{ script: "script-1", runState: "script-1:run-1" }] },
  },
  { id: OTHER, serialNumber: "PATHSIPAD002", operatingSystem: "iPadOS", userPrincipalName: "a.smith@contoso.example" },
];

const MANAGED = "deviceManagement/managedDevices";
const APP = "deviceManagement/detectedApps/app-1/managedDevices";
const RUN_STATE = "deviceManagement/deviceManagementScripts/script-1/deviceRunStates/script-1%3Arun-1/managedDevice";

const FORMS = [
  `${MANAGED}/${IPAD}`,
  `users/${USER}/managedDevices/${IPAD}`,
  `users/j.doe%40contoso.example/managedDevices/${IPAD}`,
  `${APP}/${IPAD}`,
  `${APP}/${IPAD}/users/${USER}/managedDevices/${IPAD}`,
  RUN_STATE,
  `${RUN_STATE}/detectedApps/app-1/managedDevices/${IPAD}`,
];

describe.each(FORMS)("the path %s", (form) => {
  test.each(["v1.0", "beta"])("leads to the device in %s", async (version) => {
    const emulator = await start({ devices: DEVICES });

    const answer = await get(emulator, `/${version}/${form}?$select=id,activationLockBypassCode`);

    const code = form.includes("detectedApps") ? null : emulator.device(IPAD).bypassCode;
    expect(answer.body).toMatchObject({ id: IPAD, activationLockBypassCode: code });
  });

  test("takes every action of the table in both spellings", async () => {
    const emulator = await start({ devices: DEVICES, throttle: "off", checkInDelayMs: HOUR });
    const actions = REMOTE_ACTIONS.filter((action) => action.method === "POST");

    const statuses: number[] = [];
    for (const action of actions)
      for (const spelling of [action.name, `microsoft.graph.${action.name}`]) {
        const { status } = await post(emulator, `/${action.version}/${form}/${spelling}`, neededParameters(action));
        statuses.push(status);
      }

    const twice = actions.flatMap(({ name }) => [name, name]);
    expect(statuses.filter((status) => status !== 204 && status !== 200)).toEqual([]);
    expect(emulator.device(IPAD).received.map((received) => received.action)).toEqual(twice);
    expect(emulator.device(OTHER).received).toEqual([]);
    expect(emulator.actionCalls.map(({ action, deviceId }) => [action, deviceId])).toEqual(twice.map((name) => [name, IPAD]));
  });
});

test.each([
  `users/a.smith@contoso.example/managedDevices/${IPAD}`,
  `users/nobody@contoso.example/managedDevices/${IPAD}`,
  `deviceManagement/detectedApps/app-2/managedDevices/${IPAD}`,
  `${APP}/${OTHER}`,
  `${APP}/${OTHER}/users/${USER}/managedDevices/${IPAD}`,
  `${APP}/${IPAD}/users/a.smith@contoso.example/managedDevices/${OTHER}`,
  "deviceManagement/deviceManagementScripts/script-1/deviceRunStates/other/managedDevice",
  `${RUN_STATE}/detectedApps/app-2/managedDevices/${IPAD}`,
  `${RUN_STATE}/detectedApps/app-1/managedDevices/${OTHER}`,
])("a path whose parts do not fit together leads nowhere: %s", async (form) => {
  const emulator = await start({ devices: DEVICES });

  const read = await get(emulator, `/beta/${form}`);
  const wipe = await post(emulator, `/beta/${form}/wipe`);

  expect([read.status, wipe.status]).toEqual([404, 404]);
  expect(emulator.devices().flatMap((device) => device.received)).toEqual([]);
});

test.each([
  [`users/${USER}/managedDevices`, [IPAD]],
  ["users/a.smith@contoso.example/managedDevices", [OTHER]],
  [APP, [IPAD]],
  [`${APP}/${IPAD}/users/${USER}/managedDevices`, [IPAD]],
  [MANAGED, [IPAD, OTHER]],
])("the collection %s", async (form, ids) => {
  const emulator = await start({ devices: DEVICES });

  const answer = await get(emulator, `/v1.0/${form}?$select=id`);

  expect(answer.body.value.map((device: { id: string }) => device.id)).toEqual(ids);
});

test("the neighbours of the paths can be read", async () => {
  const emulator = await start({ devices: DEVICES });

  const apps = await get(emulator, "/v1.0/deviceManagement/detectedApps");
  const app = await get(emulator, "/v1.0/deviceManagement/detectedApps/app-1");
  const states = await get(emulator, "/beta/deviceManagement/deviceManagementScripts/script-1/deviceRunStates");

  expect(apps.body.value).toEqual([{ id: "app-1", displayName: "app-1", deviceCount: 1 }]);
  expect(app.body).toMatchObject({ id: "app-1" });
  expect(states.body.value).toMatchObject([{ id: "script-1:run-1" }]);
  expect((await get(emulator, "/v1.0/deviceManagement/detectedApps/app-9")).status).toBe(404);
  expect((await get(emulator, "/beta/deviceManagement/deviceManagementScripts/script-9/deviceRunStates")).status).toBe(404);
});

test.each([
  ["POST", `${MANAGED}/${IPAD}/explode`, 400],
  ["POST", `${MANAGED}/${IPAD}/microsoft.graph.explode`, 400],
  ["GET", `${MANAGED}/${IPAD}/wipe`, 405],
  ["PUT", `${MANAGED}/${IPAD}`, 405],
  ["POST", MANAGED, 405],
  ["GET", "$batch", 405],
])("%s %s is %d", async (method, form, status) => {
  const emulator = await start({ devices: DEVICES });

  const answer = await (method === "GET" ? get(emulator, `/v1.0/${form}`) : send(emulator.url, method, `/v1.0/${form}`));

  expect(answer.status).toBe(status);
});

function send(url: string, method: string, path: string): Promise<Response> {
  return fetch(`${url}${path}`, { method, headers: { Authorization: "Bearer any" } });
}

describe("a device read through a detected app", () => {
  const read = async (appReads?: "stubbed" | "refused" | "whole") =>
    get(await start({ devices: DEVICES, ...(appReads === undefined ? {} : { appReads }) }), `/v1.0/${APP}/${IPAD}`);

  test("has its id and nothing else that is true", async () => {
    const { status, body } = await read();

    expect(status).toBe(200);
    expect(body).toMatchObject({ id: IPAD, serialNumber: null, userPrincipalName: null, isSupervised: false, deviceActionResults: [] });
    expect(body).toMatchObject({ managedDeviceOwnerType: "unknown", enrolledDateTime: "0001-01-01T00:00:00Z" });
  });

  test("may be a 400 for the right id, or whole", async () => {
    const [refused, whole] = [await read("refused"), await read("whole")];

    expect(refused.status).toBe(400);
    expect(whole.body).toMatchObject({ id: IPAD, serialNumber: "PATHSIPAD001" });
  });
});

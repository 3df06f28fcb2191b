import { describe, expect, test } from "@jest/globals";
import { catalogBody } from "../../providers/graph/policies/catalog-body.ts";
import { GROUP_A, POLICY_ID } from "../support/fakes-policies.ts";
import { readContract } from "./support/contract.ts";
import { call, get, post } from "./support/graph-client.ts";
import { emulators } from "./support/with-emulator.ts";

const start = emulators();
const CATALOG = "/beta/deviceManagement/configurationPolicies";
const PROFILES = "/v1.0/deviceManagement/deviceConfigurations";
const PROFILE = { "@odata.type": "#microsoft.graph.iosGeneralDeviceConfiguration", displayName: "iPads" };
const TARGET = { "@odata.type": "#microsoft.graph.groupAssignmentTarget", groupId: GROUP_A };

describe("policies of the settings catalog", () => {
  test("are made, read, changed, assigned and removed, in beta alone", async () => {
    const emulator = await start();

    const made = await post(emulator, CATALOG, catalogBody("a", "b", "iOS"));
    const { id } = made.body as { readonly id: string };
    const assigned = await post(emulator, `${CATALOG}/${id}/assign`, { assignments: [{ target: TARGET }] });
    const put = await call(emulator, "PUT", `${CATALOG}/${id}`, { body: catalogBody("c", "b", "iOS") });
    const patched = await call(emulator, "PATCH", `${CATALOG}/${id}`, { body: { description: "d" } });
    const read = await get(emulator, `${CATALOG}/${id}`);
    const settings = await get(emulator, `${CATALOG}/${id}/settings`);
    const assignments = await get(emulator, `${CATALOG}/${id}/assignments`);
    const old = await get(emulator, CATALOG.replace("beta", "v1.0"));
    const removed = await call(emulator, "DELETE", `${CATALOG}/${id}`);
    const gone = await get(emulator, `${CATALOG}/${id}`);

    expect([made, assigned, put, patched, removed, gone, old].map(({ status }) => status)).toEqual([201, 200, 204, 200, 204, 404, 400]);
    expect(read.body).toEqual({
      id,
      name: "c",
      description: "d",
      platforms: "iOS",
      technologies: "mdm,appleRemoteManagement",
      roleScopeTagIds: ["0"],
      settingCount: 1,
    });
    expect(settings.body).toMatchObject({ value: [{ id: "0", settingInstance: { settingDefinitionId: "settings_item_mdmoptions" } }] });
    expect(assignments.body).toEqual({ value: [{ id: `${id}_0`, target: TARGET }] });
  });

  test.each<[string, object]>([
    ["without a name", { ...catalogBody("a", "b", "iOS"), name: "" }],
    ["without settings", { ...catalogBody("a", "b", "iOS"), settings: [] }],
    ["without technologies", { ...catalogBody("a", "b", "iOS"), technologies: null }],
    ["with a setting of no kind", { ...catalogBody("a", "b", "iOS"), settings: [{ settingInstance: { settingDefinitionId: "x" } }] }],
  ])("%s are refused", async (_, body) => {
    const emulator = await start();

    expect((await post(emulator, CATALOG, body)).status).toBe(400);
    expect((await post(emulator, `${CATALOG}/${POLICY_ID}/assign`, {})).status).toBe(404);
  });
});

describe("profiles of device restrictions", () => {
  test("are changed in what a PATCH names, and keep their kind", async () => {
    const emulator = await start();
    emulator.policies.put({ id: POLICY_ID, list: "deviceConfigurations", body: PROFILE, settings: [], assignments: [] });

    const kind = await call(emulator, "PATCH", `${PROFILES}/${POLICY_ID}`, { body: { activationLockAllowWhenSupervised: true } });
    const right = await call(emulator, "PATCH", `${PROFILES}/${POLICY_ID}`, {
      body: { ...PROFILE, activationLockAllowWhenSupervised: true },
    });
    const put = await call(emulator, "PUT", `${PROFILES}/${POLICY_ID}`, { body: PROFILE });
    const assign = await post(emulator, `${PROFILES}/${POLICY_ID}/assign`, { assignments: [] });

    expect([kind, right, put, assign].map(({ status }) => status)).toEqual([400, 200, 405, 204]);
    expect((await get(emulator, `${PROFILES}/${POLICY_ID}`)).body).toMatchObject({
      displayName: "iPads",
      activationLockAllowWhenSupervised: true,
    });
  });
});

test.each<[readonly string[], number, number, number]>([
  [[], 403, 403, 403],
  [["DeviceManagementConfiguration.Read.All"], 200, 200, 403],
  [["DeviceManagementConfiguration.ReadWrite.All"], 200, 200, 201],
  [["DeviceManagementManagedDevices.Read.All"], 403, 403, 403],
])("who has %j may read %i, see what devices report %i, and write %i", async (permissions, reads, sees, writes) => {
  const emulator = await start({ tokens: [{ token: "t", kind: "application", permissions }] });
  const device = `/v1.0/deviceManagement/managedDevices/${emulator.devices()[0]?.id}`;
  const as = { token: "t" };

  expect((await get(emulator, CATALOG, as)).status).toBe(reads);
  expect((await get(emulator, `${device}/deviceConfigurationStates`, as)).status).toBe(sees);
  expect((await post(emulator, CATALOG, catalogBody("a", "b", "iOS"), as)).status).toBe(writes);
});

describe("the published descriptions", () => {
  const [v1, beta] = [readContract("v1.0"), readContract("beta")];

  (beta === null ? test.skip : test)("allow what devices report of their policies", async () => {
    const emulator = await start();
    const id = String(emulator.devices()[0]?.id);
    emulator.policies.report(id, [{ displayName: "a", state: "compliant" }]);

    const answer = await get(emulator, `/beta/deviceManagement/managedDevices/${id}/deviceConfigurationStates`);
    const none = await get(emulator, `/beta/deviceManagement/managedDevices/${POLICY_ID}/deviceConfigurationStates`);

    expect(beta?.answerMistakes("/deviceManagement/managedDevices/{managedDevice-id}/deviceConfigurationStates", answer.body)).toEqual([]);
    expect([answer.status, none.status]).toEqual([200, 404]);
  });

  (v1 === null ? test.skip : test)("have the paths of profiles, and allow the answers", async () => {
    const emulator = await start();
    emulator.policies.put({
      id: POLICY_ID,
      list: "deviceConfigurations",
      body: PROFILE,
      settings: [],
      assignments: [{ id: "1", target: TARGET }],
    });
    const form = "/deviceManagement/deviceConfigurations/{deviceConfiguration-id}";

    const list = await get(emulator, PROFILES);
    const one = await get(emulator, `${PROFILES}/${POLICY_ID}`);
    const assignments = await get(emulator, `${PROFILES}/${POLICY_ID}/assignments`);

    expect(v1?.has(form, "get")).toBe(true);
    expect(v1?.has(`${form}/assign`, "post")).toBe(true);
    expect(v1?.answerMistakes("/deviceManagement/deviceConfigurations", list.body)).toEqual([]);
    expect(v1?.answerMistakes(form, one.body)).toEqual([]);
    expect(v1?.answerMistakes(`${form}/assignments`, assignments.body)).toEqual([]);
  });
});

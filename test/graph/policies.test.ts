import { afterEach, describe, expect, test } from "@jest/globals";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { GraphReadError } from "../../providers/domain/errors.ts";
import { LOCK_SETTING, readLockSetting } from "../../providers/graph/policies/catalog-body.ts";
import { readAssignments } from "../../providers/graph/policies/read-assignments.ts";
import { DESCRIPTION, GROUP_A, GROUP_B, MARK, POLICY_ID, seenPolicy } from "../support/fakes-policies.ts";
import { type Script, startScriptedServer } from "../support/scripted-server.ts";
import { graphAt } from "./graph-fixture.ts";

const open: { close(): Promise<void> }[] = [];

afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));

async function tenant(options: EmulatorOptions = {}) {
  const emulator = await startEmulator({ throttle: "off", ...options });
  open.push(emulator);
  return { emulator, policies: graphAt(emulator.url).policies };
}

async function scripted(script: Script) {
  const server = await startScriptedServer(script);
  open.push(server);
  return { server, policies: graphAt(server.url).policies };
}

const settingsOf = ({ policies }: Emulator) => policies.all()[0]?.settings ?? [];

describe("a policy of the settings catalog", () => {
  test("is made for nobody, found by its mark, read back, assigned and removed", async () => {
    const { emulator, policies } = await tenant();

    const made = await policies.create("Lock allowed", DESCRIPTION, "macOS");
    const [found, ...others] = await policies.find(MARK);
    const read = await policies.read(String(made.id));
    const expected = seenPolicy({ id: String(made.id), title: "Lock allowed", platforms: ["macOS"], groups: { include: [], exclude: [] } });
    const assigned = await policies.assign(expected, { include: [GROUP_A, "allDevices", "allUsers"], exclude: [GROUP_B] });
    const after = await policies.read(String(made.id));
    const removed = await policies.remove(expected);

    expect(made.result.kind).toBe("accepted");
    expect([found, others, read]).toEqual([expected, [], expected]);
    expect(emulator.requests.filter(({ method }) => method === "POST")[0]?.body).toMatchObject({
      platforms: "macOS",
      technologies: "mdm,appleRemoteManagement",
    });
    expect(assigned.result.kind).toBe("accepted");
    expect(after?.groups).toEqual({ include: [GROUP_A, "allDevices", "allUsers"], exclude: [GROUP_B] });
    expect(removed.result.kind).toBe("accepted");
    expect(emulator.policies.all()).toEqual([]);
  });

  test("is found on any page, and none that only looks like it", async () => {
    const { emulator, policies } = await tenant();
    for (let index = 0; index < 120; index += 1) {
      const description = index === 110 ? DESCRIPTION : MARK.replace("prod", "test");
      emulator.policies.put({
        list: "configurationPolicies",
        body: { name: `p${index}`, description, platforms: "iOS" },
        settings: [],
        assignments: [],
      });
    }

    const [found, ...others] = await Promise.all([policies.find(MARK), policies.find("nobody's"), policies.find("[nobody's]")]);

    expect(found?.map(({ title }) => title)).toEqual(["p110"]);
    expect(others).toEqual([[], []]);
    // Three at once share one list of three pages; what is found is read.
    expect(emulator.requests.filter(({ path }) => /configurationPolicies(\?|$)/.test(path))).toHaveLength(3);
  });

  test("is made to allow the lock again, with its own names or with those that are given", async () => {
    const { emulator, policies } = await tenant();
    const { id } = await policies.create("Lock allowed", DESCRIPTION, "iOS");
    const seen = seenPolicy({ id: String(id), title: "Lock allowed" });

    await policies.change(seen, null);
    const kept = emulator.policies.all()[0]?.body;
    await policies.change(seen, { title: "other", description: "by hand" });

    expect(kept).toMatchObject({ name: "Lock allowed", description: DESCRIPTION, platforms: "iOS" });
    expect(emulator.policies.all()[0]?.body).toMatchObject({ name: "other", description: "by hand" });
    expect(readLockSetting(settingsOf(emulator))).toEqual({ allowsLock: true, otherSettings: 0 });
  });

  test("is sent once where nobody can tell whether Graph made it", async () => {
    const { emulator, policies } = await tenant();
    emulator.setFault({ call: "policyWrite", effect: { kind: "reset", applied: true } });

    const { result, id } = await policies.create("a", DESCRIPTION, "iOS");

    expect([result.kind, id]).toEqual(["unknown", null]);
    expect(emulator.policies.all()).toHaveLength(1);
    expect(emulator.requests).toHaveLength(1);
  });

  test("is assigned at the second try, which does no harm", async () => {
    const { emulator, policies } = await tenant();
    const { id } = await policies.create("a", DESCRIPTION, "iOS");
    emulator.setFault({ call: "policyWrite", nth: 1, effect: { kind: "status", status: 503 } });

    const { result } = await policies.assign(seenPolicy({ id: String(id) }), { include: [GROUP_A], exclude: [] });

    expect(result.kind).toBe("accepted");
    expect((await policies.read(String(id)))?.groups.include).toEqual([GROUP_A]);
  });

  test.each<[number, string]>([
    [403, "refused"],
    [429, "throttled"],
    [404, "refused"],
  ])("that Graph answers with %i is %s", async (status, kind) => {
    const { emulator, policies } = await tenant();
    emulator.setFault({ call: "policyWrite", effect: { kind: "status", status } });

    expect((await policies.create("a", DESCRIPTION, "iOS")).result.kind).toBe(kind);
  });
});

describe("a profile of device restrictions", () => {
  const body = { "@odata.type": "#microsoft.graph.iosGeneralDeviceConfiguration", displayName: "iPads", cameraBlocked: true };
  const target = { "@odata.type": "#microsoft.graph.groupAssignmentTarget", groupId: GROUP_A.toUpperCase() };

  test("is read, and changed in the one setting", async () => {
    const { emulator, policies } = await tenant();
    emulator.policies.put({ id: POLICY_ID, list: "deviceConfigurations", body, settings: [], assignments: [{ id: "1", target }] });

    const seen = await policies.read(POLICY_ID);
    if (seen !== null) await policies.change(seen, null);
    if (seen !== null) await policies.assign(seen, { include: [GROUP_B], exclude: [] });

    expect(seen).toEqual(seenPolicy({ form: "deviceRestrictions", title: "iPads", description: "", allowsLock: null }));
    expect(emulator.policies.all()).toMatchObject([{ body: { ...body, activationLockAllowWhenSupervised: true } }]);
    expect((await policies.read(POLICY_ID))?.groups.include).toEqual([GROUP_B]);
    expect(emulator.requests.filter(({ kind }) => kind === "policyWrite").map(({ path }) => path.slice(0, 5))).toEqual(["/v1.0", "/v1.0"]);
  });

  test("of another kind is of no platform of ours", async () => {
    const { emulator, policies } = await tenant();
    const other = { "@odata.type": "#microsoft.graph.windows10GeneralConfiguration", displayName: "PCs" };
    emulator.policies.put({ id: POLICY_ID, list: "deviceConfigurations", body: other, settings: [], assignments: [] });

    expect(await policies.read(POLICY_ID)).toMatchObject({ platforms: [], allowsLock: null });
  });
});

describe("what is not there", () => {
  test("is null where Graph itself knows neither form of it", async () => {
    const { emulator, policies } = await tenant();

    expect(await policies.read(POLICY_ID)).toBeNull();
    expect(emulator.requests.map(({ status }) => status)).toEqual([404, 404]);
  });

  test.each([
    ["a page of a proxy", { status: 404, body: "<html>" }],
    ["an answer without a word", { status: 404, body: {} }],
    ["no permission", { status: 403, body: { error: { code: "Forbidden", message: "no" } } }],
  ])("is an error where it was %s that said so", async (_, answer) => {
    const { policies } = await scripted([answer]);

    await expect(policies.read(POLICY_ID)).rejects.toBeInstanceOf(GraphReadError);
  });

  test.each([
    ["leads to another host", "https://attacker.example/beta/deviceManagement/configurationPolicies?$skip=1", /leads to another address/],
    ["leads to another list", "http://127.0.0.1/beta/deviceManagement/managedDevices", /leads to another address/],
    ["leads back to itself", "http://127.0.0.1/beta/deviceManagement/configurationPolicies?$skip=1", /does not end/],
  ])("is never told by a list that %s", async (_, link, message) => {
    const { policies } = await scripted([{ status: 200, body: { value: [], "@odata.nextLink": link } }]);

    await expect(policies.find(MARK)).rejects.toThrow(message);
  });
});

describe("what a policy says of the lock", () => {
  const choice = (value: string, id = LOCK_SETTING) => ({ settingDefinitionId: id, choiceSettingValue: { value } });
  const inGroup = (...children: object[]) => ({
    settingInstance: { settingDefinitionId: "g", groupSettingCollectionValue: [{ children }] },
  });

  test.each<[string, readonly unknown[], ReturnType<typeof readLockSetting>]>([
    ["nothing", [], { allowsLock: null, otherSettings: 0 }],
    ["allowed", [inGroup(choice(`${LOCK_SETTING}_true`))], { allowsLock: true, otherSettings: 0 }],
    ["not allowed", [inGroup(choice(`${LOCK_SETTING}_false`))], { allowsLock: false, otherSettings: 0 }],
    ["a word that nobody knows", [inGroup(choice("later"))], { allowsLock: null, otherSettings: 1 }],
    [
      "two things",
      [inGroup(choice(`${LOCK_SETTING}_true`)), inGroup(choice(`${LOCK_SETTING}_false`))],
      { allowsLock: false, otherSettings: 1 },
    ],
    [
      "allowed, beside others",
      [inGroup(choice(`${LOCK_SETTING}_true`), choice("x", "y")), { settingInstance: choice("x", "z") }],
      { allowsLock: true, otherSettings: 2 },
    ],
    ["what is no setting", [null, "x", { settingInstance: 7 }], { allowsLock: null, otherSettings: 0 }],
  ])("%s", (_, settings, expected) => {
    expect(readLockSetting(settings)).toEqual(expected);
  });

  test("assignments that the files have no words for are told as such", () => {
    const group = { "@odata.type": "#microsoft.graph.groupAssignmentTarget", groupId: GROUP_A };
    const filter = (id: string, type: string) => ({
      deviceAndAppManagementAssignmentFilterId: id,
      deviceAndAppManagementAssignmentFilterType: type,
    });
    const targets = [
      { ...group, ...filter(POLICY_ID, "include") },
      { ...group, ...filter("00000000-0000-0000-0000-000000000000", "none") },
      { "@odata.type": "#microsoft.graph.configurationManagerCollectionAssignmentTarget", collectionId: "1" },
      { "@odata.type": "##[error]" },
      { "@odata.type": "#microsoft.graph.groupAssignmentTarget" },
    ];

    expect(readAssignments([...targets.map((target) => ({ target })), null])).toEqual({
      groups: { include: [GROUP_A], exclude: [] },
      otherTargets: [
        "an assignment of an unknown kind",
        "an assignment without a target",
        "configurationManagerCollection",
        "group",
        "group with a filter",
      ],
    });
  });
});

test("what devices report of their policies is read 20 to a call, and one that fails leaves the others alone", async () => {
  const devices = Array.from({ length: 25 }, (_, index) => ({ serialNumber: `PAD${index}`, operatingSystem: "iPadOS" }));
  const { emulator, policies } = await tenant({ devices });
  const ids = emulator.devices().map(({ id }) => id);
  emulator.policies.report(String(ids[3]), [{ displayName: "Lock allowed", state: "compliant" }]);

  const reports = await policies.reportedBy([...ids, POLICY_ID]);

  expect(emulator.requests.filter(({ kind }) => kind === "batch")).toHaveLength(2);
  expect(reports[3]).toEqual([{ title: "Lock allowed", state: "compliant" }]);
  expect(reports[4]).toEqual([]);
  expect(reports[25]).toBeInstanceOf(GraphReadError);
});

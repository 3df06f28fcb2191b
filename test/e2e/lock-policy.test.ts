import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { type EmulatedDevice, type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { PulumiProject } from "../support/pulumi-project.ts";

jest.setTimeout(180_000);

const A = "0a1b2c3d-0000-4000-8000-00000000000a";
const B = "0a1b2c3d-0000-4000-8000-00000000000b";
const PROFILE = "5b1c2d3e-0000-4000-8000-000000000001";
const IPAD: EmulatedDevice = { serialNumber: "DMPXK2ABCDEF", operatingSystem: "iPadOS", isSupervised: true };

const done: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of done.splice(0).reverse()) await end();
});

async function tenant(options: EmulatorOptions = {}) {
  const emulator = await startEmulator({ devices: [IPAD], throttle: "off", ...options });
  const project = await PulumiProject.create({});
  done.push(
    () => emulator.close(),
    () => project.remove(),
  );
  await mkdir(path.join(project.folder, "policies"), { mode: 0o700 });
  await project.configure({ graphEndpoint: emulator.url, policies: path.join(project.folder, "policies"), wait: "0" });
  const declare = (yaml: string) => project.write("policies/a.yaml", `policies:\n${yaml}`);
  return { emulator, project, declare };
}

const created = (include: string, more = "") =>
  `  - name: activation-lock\n    platforms: [iOS]\n    groups: { include: [${include}] }\n${more}`;

const adopted = (include: string, more = "") =>
  `  - name: old-profile\n    platforms: [iOS]\n    groups: { include: [${include}] }\n    adopt: ${PROFILE}\n${more}`;

const writes = ({ requests }: Emulator) =>
  requests.filter(({ kind }) => kind === "policyWrite").map(({ method, path: to }) => `${method} ${to.replace(/[0-9a-f-]{36}/, "ID")}`);

const groupsOf = ({ policies }: Emulator) =>
  policies.all().map(({ assignments }) => assignments.map(({ target }) => Object(target).groupId ?? Object(target)["@odata.type"]));

function profile(emulator: Emulator, allows: boolean) {
  emulator.policies.put({
    id: PROFILE,
    list: "deviceConfigurations",
    body: {
      "@odata.type": "#microsoft.graph.iosGeneralDeviceConfiguration",
      displayName: "iPads of Leeds",
      activationLockAllowWhenSupervised: allows,
      cameraBlocked: true,
    },
    settings: [],
    assignments: [{ id: "1", target: { "@odata.type": "#microsoft.graph.groupAssignmentTarget", groupId: A } }],
  });
}

const CATALOG = "/beta/deviceManagement/configurationPolicies";

describe("a policy that is made", () => {
  test("lives from its first preview to its end", async () => {
    const { emulator, project, declare } = await tenant();
    await declare(created(A));

    const preview = await project.preview();
    const afterPreview = writes(emulator);
    const up = await project.up();
    const [policy] = emulator.policies.all();
    const made = writes(emulator);
    const again = await project.up();
    const quiet = await project.preview();
    const afterAgain = writes(emulator);
    await declare(created(`${B}, ${A}`));
    const widened = await project.up();
    const groups = groupsOf(emulator);

    expect(preview.text).toContain(`policy activation-lock: up makes it in Intune, for ${A}`);
    expect(afterPreview).toEqual([]);
    expect([up.code, again.code, widened.code]).toEqual([0, 0, 0]);
    expect(made).toEqual([`POST ${CATALOG}`, `POST ${CATALOG}/ID/assign`]);
    expect(policy?.body).toMatchObject({
      name: "activation-lock",
      platforms: "iOS",
      description: expect.stringContaining("[device-lifecycle "),
    });
    expect(JSON.stringify(policy?.settings)).toContain("settings_item_mdmoptions_mdmoptions_activationlockallowedwhilesupervised_true");
    expect(afterAgain).toEqual(made);
    expect(quiet.text).not.toContain("policy activation-lock");
    expect(writes(emulator).slice(2)).toEqual([`POST ${CATALOG}/ID/assign`]);
    expect(groups).toEqual([[A, B]]);
    expect((await project.stackOutputs()).policies).toEqual({ "activation-lock": "inPlace" });

    if (policy !== undefined) emulator.policies.put({ ...policy, assignments: [] });
    const drifted = await project.preview();
    const unaware = await project.up();
    const back = await project.up("--refresh");

    expect(drifted.text).toContain(`include: + ${A}, + ${B}`);
    expect(drifted.text).toContain("somebody changed it in Intune: up --refresh sets it back");
    expect(writes(emulator).length).toBe(4);
    expect([unaware.code, back.code]).toEqual([0, 0]);
    expect(groupsOf(emulator)).toEqual([[A, B]]);

    await declare(created(""));
    const leaving = await project.preview();
    await project.up();
    const nobody = groupsOf(emulator);
    await project.write("policies/a.yaml", "policies: []\n");
    const removing = await project.preview();
    const removed = await project.up();

    expect(leaving.text).toContain(`WARNING: devices of ${A}, ${B} allow the lock no longer`);
    expect(nobody).toEqual([[]]);
    expect(removing.text).toContain("is not in the files any more: up DELETES it from Intune");
    expect(removed.code).toBe(0);
    expect(emulator.policies.all()).toEqual([]);
  });

  test("stays in Intune, for those who have it, when it is taken out of the files at once", async () => {
    const { emulator, project, declare } = await tenant();
    await declare(created(A));
    await project.up();
    await rm(path.join(project.folder, "policies", "a.yaml"));

    const preview = await project.preview();
    const up = await project.up();

    expect(preview.text).toContain("it is only forgotten, and stays in Intune as it is");
    expect(up.code).toBe(0);
    expect(groupsOf(emulator)).toEqual([[A]]);
  });

  test("is found again where the state was lost, and none is made besides", async () => {
    const { emulator, project, declare } = await tenant();
    await declare(created(A));
    await project.up();
    await project.initStack();
    await declare(created(B));

    const preview = await project.preview();
    const up = await project.up();

    expect(preview.text).toContain("was made before, and state does not know it: up changes it");
    expect(up.code).toBe(0);
    expect(groupsOf(emulator)).toEqual([[B]]);
  });

  test("whose run is killed between making and assigning is assigned by the next one", async () => {
    const { emulator, project, declare } = await tenant();
    await declare(created(A));
    const killed = Promise.withResolvers<void>();
    emulator.on("request", async ({ kind, path: to }) => {
      if (kind !== "policyWrite" || !to.endsWith("/assign") || run.exitCode !== null || run.signalCode !== null) return;
      process.kill(-Number(run.pid), "SIGKILL");
      killed.resolve();
    });
    emulator.setFault({ call: "policyWrite", nth: 2, effect: { kind: "reset" } });
    const run = project.start(["--yes", "--skip-preview"]);
    await killed.promise;
    const half = groupsOf(emulator);

    const up = await project.npmRun("up", ["--yes", "--skip-preview"]);

    expect(half).toEqual([[]]);
    expect(up.code).toBe(0);
    expect(groupsOf(emulator)).toEqual([[A]]);
  });

  test("is looked for again where nobody can tell whether Graph made it", async () => {
    const { emulator, project, declare } = await tenant();
    emulator.setFault({ call: "policyWrite", nth: 1, effect: { kind: "status", status: 503, applied: true } });
    await declare(created(A));

    const first = await project.up();
    const between = groupsOf(emulator);
    const second = await project.up();

    expect(first.text).toContain("nobody can tell whether Graph took it");
    expect(between).toEqual([[]]);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(groupsOf(emulator)).toEqual([[A]]);
  });

  test("is not made without the permission, nor while the brake is set, nor by a run that only follows", async () => {
    const { emulator, project, declare } = await tenant();
    await declare(created(A));
    const fault = { call: "policyWrite", effect: { kind: "status", status: 403 } } as const;
    emulator.setFault(fault);
    const refused = await project.up();
    emulator.clearFaults();
    const ledger = path.join(project.folder, "ledger");
    const init = await project.command("ledger", ["init", "--ledger", `file:${ledger}`]);
    const stop = await project.command("stop", ["wrong list", "--ledger", `file:${ledger}`]);
    const braked = await project.up();
    const resume = await project.command("resume", ["--ledger", `file:${ledger}`, "--yes"]);
    await project.configure({ graphEndpoint: emulator.url, policies: path.join(project.folder, "policies"), followOnly: true });
    const following = await project.up();

    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain("policy activation-lock failed: Graph refused it: 403");
    expect(refused.text).toContain("DeviceManagementConfiguration.ReadWrite.All");
    expect({ init, stop, resume }).toMatchObject({ init: { code: 0 }, stop: { code: 0 }, resume: { code: 0 } });
    expect(braked.text).toContain("policy activation-lock held: the brake is set: wrong list");
    expect(following.text).toContain("held: followOnly is set");
    expect([braked.code, following.code]).toEqual([0, 0]);
    expect(emulator.policies.all()).toEqual([]);
  });
});

describe("a policy that is adopted", () => {
  test("is changed only as a preview showed it, and is never deleted", async () => {
    const { emulator, project, declare } = await tenant();
    profile(emulator, false);
    await declare(adopted(B));

    const shown = await project.preview();
    const held = await project.up();
    const [, word = ""] = /write accept: ([0-9a-f]{12})/.exec(shown.text) ?? [];
    const untouched = writes(emulator);
    // Somebody else changes it after the preview: what was agreed to is no more.
    profile(emulator, true);
    await declare(adopted(B, `    accept: ${word}\n`));
    const other = await project.up("--refresh");
    const stillUntouched = writes(emulator);
    profile(emulator, false);
    const agreed = await project.up("--refresh");
    const after = emulator.policies.all();
    await project.write("policies/a.yaml", "policies: []\n");
    const removing = await project.preview();
    const removed = await project.up();

    expect(shown.text).toContain("Activation Lock while supervised: not allowed → allowed");
    expect(shown.text).toContain(`include: + ${B}, - ${A}`);
    expect(held.text).toContain("it is adopted as it is, and nothing is changed");
    expect([untouched, stillUntouched]).toEqual([[], []]);
    expect(other.text).toContain("what was accepted was another difference");
    expect([held.code, other.code, agreed.code, removed.code]).toEqual([0, 0, 0, 0]);
    expect(after).toMatchObject([
      { body: { activationLockAllowWhenSupervised: true, cameraBlocked: true, displayName: "iPads of Leeds" } },
    ]);
    expect(removing.text).toContain("it was adopted, so it is only forgotten");
    expect(groupsOf(emulator)).toEqual([[B]]);
  });
});

test("an escrow warns where its device reports no declared policy as applied, and a preview that may not look says so", async () => {
  const { emulator, project, declare } = await tenant();
  await declare(created(A));
  await project.write(
    "requests/a.yaml",
    "requests:\n  - name: leeds\n    device: { serialNumber: DMPXK2ABCDEF }\n    playbook: escrow-bypass-code\n    reason: leaver\n",
  );
  const { id } = emulator.device("DMPXK2ABCDEF");

  const unseen = await project.preview();
  emulator.policies.report(id, [{ displayName: "activation-lock", state: "error" }]);
  const broken = await project.preview();
  emulator.policies.report(id, [{ displayName: "Activation-Lock", state: "compliant" }]);
  const fine = await project.preview();
  for (const call of ["states", "policies"]) emulator.setFault({ call, effect: { kind: "status", status: 403 } });
  const blind = await project.preview();

  expect(unseen.text).toContain("no declared policy that allows the Activation Lock was seen among the 0 that the device reports");
  expect(broken.text).toContain('reports the policy that allows the Activation Lock "activation-lock" as error');
  expect(fine.text).not.toContain("it may have no bypass code");
  expect(blind.text).toContain("nobody could see whether the device has a policy");
  expect(blind.text).toContain("policy activation-lock: it could not be looked at");
  expect([unseen.code, broken.code, fine.code, blind.code]).toEqual([0, 0, 0, 0]);
});

import { describe, expect, test } from "@jest/globals";
import { REMOTE_ACTIONS } from "../../providers/domain/actions/action-table.ts";
import { LEFT_OUT_RESULTS } from "../../providers/domain/actions/left-out-actions.ts";
import type { ManagedDevice } from "../../providers/domain/managed-device.ts";
import { namesAction } from "../../providers/engine/decide/match-result.ts";
import { World } from "../support/fakes.ts";
import { actionResult, WINDOWS } from "../support/fakes-devices.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";

/**
 * All 41 members of `remoteAction` (beta):
 * https://learn.microsoft.com/graph/api/resources/intune-devices-remoteaction
 */
const MEMBERS = [
  "unknown",
  "factoryReset",
  "removeCompanyData",
  "resetPasscode",
  "remoteLock",
  "enableLostMode",
  "disableLostMode",
  "locateDevice",
  "rebootNow",
  "recoverPasscode",
  "cleanWindowsDevice",
  "logoutSharedAppleDeviceActiveUser",
  "quickScan",
  "fullScan",
  "windowsDefenderUpdateSignatures",
  "factoryResetKeepEnrollmentData",
  "updateDeviceAccount",
  "automaticRedeployment",
  "shutDown",
  "rotateBitLockerKeys",
  "rotateFileVaultKey",
  "getFileVaultKey",
  "setDeviceName",
  "activateDeviceEsim",
  "deprovision",
  "disable",
  "reenable",
  "moveDeviceToOrganizationalUnit",
  "initiateMobileDeviceManagementKeyRecovery",
  "initiateOnDemandProactiveRemediation",
  "rotateLocalAdminPassword",
  "unknownFutureValue",
  "launchRemoteHelp",
  "revokeAppleVppLicenses",
  "removeDeviceFirmwareConfigurationInterfaceManagement",
  "pauseConfigurationRefresh",
  "initiateDeviceAttestation",
  "changeAssignments",
  "delete",
  "suspendManagedHomeScreen",
  "restoreManagedHomeScreen",
] as const;

/** The actions that a result of this name ends. */
const actionsOf = (name: string) => REMOTE_ACTIONS.filter((action) => namesAction(action, name)).map((action) => action.name);

describe("Graph's names of remote actions", () => {
  test.each(MEMBERS)("%s ends steps of one action, or is left out with a reason", (name) => {
    const reasons = LEFT_OUT_RESULTS.filter((entry) => entry.name === name).map(({ reason }) => reason);

    expect(actionsOf(name).length + reasons.length).toBe(1);
    for (const reason of reasons) expect(reason).toMatch(/\S/);
  });

  test("are all that is left out", () => {
    const members: readonly string[] = MEMBERS;

    expect(MEMBERS).toHaveLength(41);
    expect(LEFT_OUT_RESULTS.filter(({ name }) => !members.includes(name))).toEqual([]);
  });

  test.each([
    ["automaticRedeployment", "wipe"],
    ["Automatic_Redeployment", "wipe"],
    ["factoryResetKeepEnrollmentData", "wipe"],
    ["removeCompanyData", "retire"],
    ["RemoteLock", "remoteLock"],
    ["reset passcode", "resetPasscode"],
    ["signatureUpdate", "windowsDefenderUpdateSignatures"],
    ["fullScan", "windowsDefenderScan"],
    ["updateDeviceAccount", "updateWindowsDeviceAccount"],
  ])("%s is %s", (name, action) => {
    expect(actionsOf(name)).toEqual([action]);
  });
});

test("an Autopilot Reset ends with the result that Graph names automaticRedeployment", async () => {
  const world = new World(WINDOWS, null);
  const observe = world.graph.observe.bind(world.graph);
  const rename = (device: ManagedDevice): ManagedDevice => ({
    ...device,
    deviceActionResults: device.deviceActionResults.map((result) => ({ ...result, actionName: "automaticRedeployment" })),
  });
  world.graph.observe = async (device) => {
    const seen = await observe(device);
    // It keeps its enrolment.
    if (seen === null) return { ...WINDOWS, deviceActionResults: [actionResult("automaticRedeployment", "done")] };
    return rename(seen);
  };
  const step = { action: "wipe", parameters: { keepEnrollmentData: true, keepUserData: false } };

  const report = await world.run(jobOf(lifecycleRequest([step], { acknowledge: ["dataLoss"] }), WINDOWS));

  expect(report).toMatchObject({ outcome: "succeeded", steps: [{ status: "done", detail: "the device reported it as done" }] });
});

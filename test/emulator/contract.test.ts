import { describe, expect, test } from "@jest/globals";
import { propertyNames } from "../../emulator/graph/devices/device-properties.ts";
import type { GraphVersion } from "../../emulator/graph/graph-call.ts";
import type { Emulator } from "../../emulator/graph/start-emulator.ts";
import { REMOTE_ACTIONS, type RemoteAction } from "../../providers/domain/actions/action-table.ts";
import { readContract } from "./support/contract.ts";
import { call, get, post } from "./support/graph-client.ts";
import { emulators, testClock } from "./support/with-emulator.ts";

const start = emulators();
const VERSIONS: readonly GraphVersion[] = ["v1.0", "beta"];
const ACTIONS: readonly RemoteAction[] = REMOTE_ACTIONS;
const DEVICE = "deviceManagement/managedDevices/{managedDevice-id}";

/** Every path form, as the contract writes it and as a request of this device. */
const APPS = "/deviceManagement/detectedApps/{detectedApp-id}";
const RUN_STATE =
  "/deviceManagement/deviceManagementScripts/{deviceManagementScript-id}/deviceRunStates/{deviceManagementScriptDeviceState-id}/managedDevice";
const FORMS = [
  `/${DEVICE}`,
  "/users/{user-id}/managedDevices/{managedDevice-id}",
  `${APPS}/managedDevices/{managedDevice-id}`,
  `${APPS}/managedDevices/{managedDevice-id1}/users/{user-id}/managedDevices/{managedDevice-id}`,
  RUN_STATE,
  `${RUN_STATE}/detectedApps/{detectedApp-id}/managedDevices/{managedDevice-id}`,
];
const COLLECTIONS = FORMS.slice(0, 4).map((form) => form.replace(/\/\{managedDevice-id\}$/, ""));

/** The path form that the contract describes for the actions of the documented examples only. */
const NESTED_FORM_ACTIONS = ["bypassActivationLock", "resetPasscode", "retire", "wipe"];

const PARAMETERS: Readonly<Record<string, string>> = {
  "user-id": "j.doe@contoso.example",
  "detectedApp-id": "app-1",
  "deviceManagementScript-id": "script-1",
  "deviceManagementScriptDeviceState-id": "run-1",
};

async function busyEmulator(): Promise<Emulator> {
  const settings = { detectedApps: [{ id: "app-1" }], deviceRunStates: [{ script: "script-1", runState: "run-1" }] };
  const emulator = await start({
    // Nothing comes to its end while it is looked at, however slow the machine is.
    clock: testClock().clock,
    devices: [
      { serialNumber: "CONTRACT0001", userPrincipalName: "j.doe@contoso.example", "x-emulator": settings },
      { serialNumber: "CONTRACT0002", operatingSystem: "Android" },
      { serialNumber: "CONTRACT0003", operatingSystem: "macOS" },
      { serialNumber: "CONTRACT0004", operatingSystem: "Windows", userPrincipalName: null },
    ],
  });
  for (const { serialNumber } of emulator.devices())
    for (const { name } of ACTIONS.filter((action) => action.name !== "delete")) emulator.act(serialNumber ?? "", name);
  return emulator;
}

function concrete(path: string, id: string): string {
  return path.replaceAll(/\{([\w-]+)\}/g, (_all, name: string) => encodeURIComponent(PARAMETERS[name] ?? id));
}

describe.each(VERSIONS)("the published description of %s", (version) => {
  const contract = readContract(version);
  if (contract === null) {
    console.info(`No description of Graph ${version} beside the project's folder: its checks are skipped.`);
    test.skip("is not at hand", () => {});
    return;
  }

  test("has every property that the emulator answers", () => {
    const known = contract.propertiesOf("microsoft.graph.managedDevice");

    expect(propertyNames(version).filter((name) => !known.includes(name))).toEqual([]);
  });

  test.each(ACTIONS.filter((action) => version === "beta" || action.version === "v1.0").map((action) => [action.name, action] as const))(
    "has the action %s under every path form, with its parameters",
    (name, action) => {
      const forms = NESTED_FORM_ACTIONS.includes(name) ? FORMS : FORMS.slice(0, 5);
      const paths = forms.flatMap((form) => (action.method === "DELETE" ? [form] : [`${form}/${name}`, `${form}/microsoft.graph.${name}`]));

      for (const path of paths) {
        expect([path, contract.has(path, action.method === "DELETE" ? "delete" : "post")]).toEqual([path, true]);
        const known = contract.parametersOf(path);
        const ours = Object.keys(action.parameters.properties).filter(
          (name) => version === "beta" || !action.betaParameters?.includes(name),
        );
        expect([path, ours.filter((parameter) => !known.includes(parameter))]).toEqual([path, []]);
      }
    },
  );

  test.each(FORMS)("allows the answers to GET %s", async (form) => {
    const emulator = await busyEmulator();
    const { id } = emulator.device("CONTRACT0001");

    for (const query of ["", "?$select=id,serialNumber,activationLockBypassCode,deviceActionResults"]) {
      const answer = await get(emulator, `/${version}${concrete(form, id)}${query}`);

      expect([answer.status, contract.answerMistakes(form, answer.body)]).toEqual([200, []]);
    }
  });

  test("allows every device of the fleet, at rest and at work", async () => {
    for (const emulator of [await start(), await busyEmulator()])
      for (const { id } of emulator.devices()) {
        const answer = await get(emulator, `/${version}/deviceManagement/managedDevices/${id}`);

        expect([answer.status, contract.answerMistakes(`/${DEVICE}`, answer.body)]).toEqual([200, []]);
      }
  });

  test.each(COLLECTIONS)("allows the answers to GET %s", async (form) => {
    const emulator = await busyEmulator();
    const { id } = emulator.device("CONTRACT0001");

    for (const query of ["", "?$top=1&$count=true", "?$select=id,deviceName"]) {
      const answer = await get(emulator, `/${version}${concrete(form, id)}${query}`);

      expect([answer.status, contract.answerMistakes(form, answer.body)]).toEqual([200, []]);
    }
  });

  test("allows the errors", async () => {
    const emulator = await start({ approvals: {}, throttle: { calls: 5 } });
    const device = `/${version}/deviceManagement/managedDevices/${emulator.device("DMPXK2ABCDEF").id}`;

    const errors = [
      await get(emulator, device, { token: null }),
      await get(emulator, `${device}?$select=nonsense`),
      await get(emulator, `/${version}/deviceManagement/managedDevices/none`),
      await post(emulator, `${device}/wipe`, { nonsense: 1 }),
      await post(emulator, `${device}/wipe`, {}, { headers: { "x-msft-approval-justification": "d2h5" } }),
      await call(emulator, "PUT", device),
      await get(emulator, device),
      await get(emulator, "/nowhere"),
    ];

    expect(errors.map((answer) => answer.status)).toEqual([401, 400, 404, 400, 403, 405, 429, 404]);
    for (const answer of errors) expect(contract.errorMistakes(answer.body)).toEqual([]);
  });

  test("would find an answer that does not fit", () => {
    expect(contract.answerMistakes(`/${DEVICE}`, { id: 7, managementState: "nonsense" })).not.toEqual([]);
    expect(contract.errorMistakes({ error: "nonsense" })).not.toEqual([]);
  });
});

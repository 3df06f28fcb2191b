import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { REMOTE_ACTIONS, type RemoteAction, versionOf } from "../../providers/domain/actions/action-table.ts";
import type { JsonObject } from "../../providers/domain/json.ts";
import { PLATFORMS } from "../../providers/domain/managed-device.ts";
import { everyParameter, neededParameters } from "../support/action-samples.ts";
import { actionCall, graphAt, jwt, opaqueTokens } from "./graph-fixture.ts";

const ACTIONS = REMOTE_ACTIONS.map((action) => [action.name, action] as const);
const HOUR = 3_600_000;

/** One Graph for all actions: each gets a device of its own, and nothing is ever done on it. */
let emulator: Emulator;

beforeAll(async () => {
  const devices = REMOTE_ACTIONS.map(({ name, platforms }) => ({ serialNumber: name, operatingSystem: platforms[0] ?? PLATFORMS[0] }));
  emulator = await startEmulator({ devices, checkInDelayMs: HOUR, throttle: "off" });
});

afterAll(() => emulator.close());

function deviceOf(action: RemoteAction) {
  return { id: emulator.device(action.name).id, path: { kind: "managedDevices" } } as const;
}

function application(...roles: readonly string[]) {
  return opaqueTokens(jwt({ aud: "https://graph.microsoft.com", roles }));
}

/** What arrived of the action, the newest last. */
function arrived(action: RemoteAction) {
  return emulator.actionCalls.filter((call) => call.action === action.name);
}

describe.each(ACTIONS)("%s over HTTP", (name, action) => {
  const bodies: readonly JsonObject[] = [neededParameters(action), ...(action.method === "DELETE" ? [] : [everyParameter(action)])];

  test.each(bodies.map((parameters) => [JSON.stringify(parameters), parameters] as const))(
    "with %s is taken",
    async (_text, parameters) => {
      const device = deviceOf(action);
      const before = arrived(action).length;

      const result = await graphAt(emulator.url).actions.send(actionCall(name, { device, parameters }));

      expect(result).toMatchObject({ kind: "accepted", requestId: expect.any(String) });
      expect(arrived(action).slice(before)).toMatchObject([
        {
          method: action.method,
          path: `/${versionOf(action, parameters)}/deviceManagement/managedDevices/${device.id}${action.method === "DELETE" ? "" : `/${name}`}`,
          body: Object.keys(action.parameters.properties).length === 0 ? null : parameters,
          status: name === "createDeviceLogCollectionRequest" ? 200 : 204,
        },
      ]);
    },
  );

  test("needs the permission that the table names, before it is sent and on the wire", async () => {
    const { application: permission } = action.permission;
    const enough = graphAt(emulator.url, { tokens: application(permission ?? "") });
    const lacking = graphAt(emulator.url, { tokens: application("DeviceManagementManagedDevices.Read.All") });

    const [granted, missing] = [await enough.actions.permission(action), await lacking.actions.permission(action)];
    const refused = await lacking.actions.send(actionCall(name, { device: deviceOf(action), parameters: neededParameters(action) }));

    expect([granted.kind, missing]).toEqual(["granted", expect.objectContaining({ kind: "missing", permission })]);
    expect(["refused", "signInRequired", "throttled"]).toContain(refused.kind);
  });
});

test.each(ACTIONS.filter(([, action]) => action.multiAdminApproval))(
  "%s waits for another administrator, and goes the same way again",
  async (name) => {
    const asking = await startEmulator({ approvals: {}, checkInDelayMs: HOUR });
    try {
      const device = { id: asking.device("DMPXK2ABCDEF").id, path: { kind: "managedDevices" } } as const;
      const { actions } = graphAt(asking.url);

      const asked = await actions.send(actionCall(name, { device }));
      const approvalRequest = asked.kind === "approvalRequired" ? asked.approvalRequest : "";
      asking.decideApproval(approvalRequest, "approve");
      const taken = await actions.send(actionCall(name, { device, approvalRequest }));

      expect([asked.kind, taken.kind]).toEqual(["approvalRequired", "accepted"]);
      expect(asking.device("DMPXK2ABCDEF").received).toHaveLength(1);
      const [first, second] = asking.actionCalls;
      expect([first?.method, first?.path, first?.body]).toEqual([second?.method, second?.path, second?.body]);
    } finally {
      await asking.close();
    }
  },
);

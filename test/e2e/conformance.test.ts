import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { REMOTE_ACTIONS, type RemoteAction, versionOf } from "../../providers/domain/actions/action-table.ts";
import type { DeviceReference } from "../../providers/domain/plan.ts";
import type { DeviceSelector } from "../../providers/domain/request.ts";
import { devicePath } from "../../providers/graph/client/urls.ts";
import { call, get, post } from "../emulator/support/graph-client.ts";
import { testClock } from "../emulator/support/with-emulator.ts";
import { actionCall, graphAt, managedDevice, resolveAll } from "../graph/graph-fixture.ts";
import { type ActionCase, casesOf, DEVICES, detectedApp, PATHS, script, user } from "../support/conformance-fixture.ts";
import { readContractDocument } from "../support/contract-document.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { startValidatingProxy, type ValidatingProxy } from "../support/validating-proxy.ts";

const document = readContractDocument();

if (document === null) {
  console.info("No description of Graph beside the project's folder: the run through a validating proxy is skipped.");
  test.skip("the descriptions of Graph are not at hand", () => {});
} else {
  describe("through a proxy that holds every call and every answer against the published descriptions of Graph", () => {
    let proxy: ValidatingProxy;
    const open: (Emulator | ScriptedServer)[] = [];

    beforeAll(async () => {
      proxy = await startValidatingProxy(document);
    });

    afterEach(async () => {
      const violations = proxy.takeViolations();
      for (const server of open.splice(0)) await server.close();
      expect(violations).toEqual([]);
    });

    afterAll(() => proxy?.close());

    async function start(options: EmulatorOptions = { devices: DEVICES, clock: testClock().clock }) {
      const emulator = await startEmulator(options);
      open.push(emulator);
      proxy.leadTo(emulator.url);
      const devices = emulator.devices();
      const references = PATHS.map((path, index): DeviceReference => ({ id: devices[index]?.id ?? "", path }));
      return { emulator, references, ids: devices.map(({ id }) => id), graph: graphAt(proxy.url) };
    }

    async function startScript(answer: Readonly<Record<string, unknown>>) {
      const server = await startScriptedServer([{ status: 200, body: answer }]);
      open.push(server);
      proxy.leadTo(server.url);
    }

    describe("the adapters", () => {
      test("find a device by every form of selector, alone and together", async () => {
        const { emulator, ids } = await start();
        const { id = "", serialNumber = "", properties } = { ...emulator.devices()[0], properties: DEVICES[0] };
        const names = [{ id }, { serialNumber: serialNumber ?? "" }, { deviceName: properties?.deviceName ?? "" }];
        const deviceRunState = { script, runState: "run-0" };
        const selectors: readonly DeviceSelector[] = [
          ...names.flatMap((name) => [name, { ...name, user }, { ...name, detectedApp }, { ...name, detectedApp, user }]),
          ...names.flatMap((name) => [
            { ...name, deviceRunState },
            { ...name, deviceRunState, detectedApp },
          ]),
          { deviceRunState },
        ];

        const alone: (readonly string[])[] = [];
        for (const selector of selectors) {
          const [found] = await resolveAll(graphAt(proxy.url), [selector]);
          alone.push((found ?? []).map((device) => device.id));
        }
        const together = await resolveAll(graphAt(proxy.url), selectors);

        const expected = selectors.map(() => [ids[0]]);
        expect(alone).toEqual(expected);
        expect(together.map((found) => found.map((device) => device.id))).toEqual(expected);
      });

      test.each(["none", "auditEvents"] as const)("read Intune's audit, page by page, where %s is refused", async (refused) => {
        const { emulator, ids } = await start({ devices: DEVICES, pageSize: 2, audit: { refused } });
        for (const id of ids.slice(0, 5)) emulator.act(id, "wipe");

        const reading = await graphAt(proxy.url).auditLog.actionsSince(Date.now() - 60_000);

        expect(reading).toMatchObject({
          source: refused === "none" ? "auditEvents" : "remoteActionAudits",
          incomplete: null,
          actions: Array.from({ length: 5 }, () => ({ action: "wipe" })),
        });
      });

      test.each([
        ["a page of the list, filters and the other pages", 45, ["read", "list", "batch", "batch", "batch", "list", "list"]],
        ["batches of filters", 25, ["read", "batch", "batch", "list", "list", "list"]],
      ])("find many devices by %s, and those that are not there", async (_, count, ways) => {
        const devices = Array.from({ length: 45 }, (_unused, index) => ({ serialNumber: `MANY${index}` }));
        const absent = [{ serialNumber: "NOWHERE" }, { deviceName: "none" }, { id: "00000000-0000-4000-8000-000000000000" }];
        const { emulator, graph } = await start({ devices, pageSize: 15 });

        const found = await resolveAll(graph, [...devices.slice(0, count), ...absent]);

        expect(found.map(({ length }) => length)).toEqual([...devices.slice(0, count).map(() => 1), 0, 0, 0]);
        expect(emulator.requests.filter(({ batched }) => !batched).map(({ kind }) => kind)).toEqual(ways);
      });

      test("read devices by every path, alone, in batches and after they have gone", async () => {
        const { emulator, graph, references, ids } = await start();

        const alone: (string | undefined)[] = [];
        for (const reference of references) alone.push((await graph.directory.observe(reference))?.id);
        const batched = await Promise.all(references.map((reference) => graph.directory.observe(reference)));
        for (const id of ids) emulator.remove(id);
        const gone = await Promise.all(references.map((reference) => graph.directory.observe(reference)));

        expect(alone).toEqual(ids);
        expect(batched.map((device) => device?.id)).toEqual(ids);
        expect(gone).toEqual(references.map(() => null));
      });

      test("read every device of the emulator's own fleet, at rest and with every result that it can have", async () => {
        const { emulator, graph, ids } = await start({});
        const observeAll = () => Promise.all(ids.map((id) => graph.directory.observe({ id, path: { kind: "managedDevices" } })));

        const atRest = await observeAll();
        for (const id of ids)
          for (const { name, destroysData } of REMOTE_ACTIONS) {
            if (destroysData) continue;
            emulator.act(id, name);
            emulator.checkIn(id);
          }
        const after = await observeAll();

        expect(atRest.map((device) => device?.deviceActionResults.length)).toEqual(ids.map(() => 0));
        for (const device of after) expect(device?.deviceActionResults.length).toBeGreaterThan(10);
      });

      test("read the bypass code by every path", async () => {
        const { emulator, graph, references } = await start();

        const codes = await Promise.all(references.map((reference) => graph.directory.readBypassCode(reference)));

        expect(codes.map((code) => code?.reveal())).toEqual(emulator.devices().map(({ bypassCode }) => bypassCode));
      });

      test.each(REMOTE_ACTIONS.map((action) => [action.name, action] as const))(
        "send %s over every path that has it",
        async (_, action) => {
          const { emulator, graph, references } = await start();
          const cases = casesOf(document, action, references);
          const [first] = cases;

          const results = await Promise.all(cases.map((given) => graph.actions.send(actionCall(action.name, given))));
          const qualified = first === undefined || action.method === "DELETE" ? 204 : await sendQualified(action, first);
          for (const { id } of emulator.devices()) emulator.checkIn(id);
          if (first !== undefined) await graph.directory.observe(first.device);

          expect(results.map(({ kind }) => kind)).toEqual(cases.map(() => "accepted"));
          expect(Math.floor(qualified / 100)).toBe(2);
          expect(new Set(cases.map(({ device }) => device)).size).toBeGreaterThanOrEqual(PATHS.length - 1);
        },
      );

      /**
       * The other spelling of an action, which the documentation has beside the one that the
       * product uses.
       */
      async function sendQualified(action: RemoteAction, { device, parameters }: ActionCase): Promise<number> {
        const path = `/${versionOf(action, parameters)}${devicePath(device)}/microsoft.graph.${action.name}`;
        const hasBody = Object.keys(action.parameters.properties).length > 0;
        return (await post(proxy, path, hasBody ? parameters : undefined)).status;
      }

      test("ask another administrator, look how it stands and send again", async () => {
        const { emulator, graph, references } = await start({ devices: DEVICES, approvals: {} });
        const [device] = references;
        const wipe = (approvalRequest?: string) =>
          graph.actions.send(
            actionCall("wipe", { ...(device && { device }), ...(approvalRequest === undefined ? {} : { approvalRequest }) }),
          );

        const asked = await wipe();
        const id = asked.kind === "approvalRequired" ? asked.approvalRequest : "";
        const waiting = await graph.actions.approval(id);
        emulator.decideApproval(id, "approve");
        const approved = await graph.actions.approval(id);
        const taken = await wipe(id);

        expect([asked.kind, waiting.kind, approved.kind, taken.kind]).toEqual(["approvalRequired", "waiting", "approved", "accepted"]);
      });
    });

    describe("the proxy notices", () => {
      const DEVICE = "/v1.0/deviceManagement/managedDevices/a1b2c3d4-0000-4000-8000-000000000001";
      const batchOf = (url: string) => ({ requests: [{ id: "1", method: "GET", url }] });
      const inBatch = (body: object) => ({ responses: [{ id: "1", status: 200, headers: { "Content-Type": "application/json" }, body }] });

      test("an answer that breaks off", async () => {
        const { emulator, ids } = await start();
        emulator.setFault({ call: "read", effect: { kind: "body", body: "malformed" } });

        await get(proxy, `/v1.0/deviceManagement/managedDevices/${ids[0]}`);

        expect(proxy.takeViolations()).toEqual([expect.stringMatching(/^GET .*JSON/)]);
      });

      test("a property of the wrong type, alone and in a batch", async () => {
        const broken = managedDevice({ isSupervised: "yes", managementState: "lost" });
        await startScript(broken);
        await get(proxy, DEVICE);
        await startScript(inBatch(broken));
        await post(proxy, "/v1.0/$batch", batchOf(DEVICE.replace("/v1.0", "")));

        const [alone, batched, ...others] = proxy.takeViolations();

        for (const violation of [alone, batched]) {
          expect(violation).toContain(`GET ${DEVICE}: 500`);
          expect(violation).toContain("response.body.isSupervised");
          expect(violation).toContain("response.body.managementState");
        }
        expect(others).toEqual([]);
      });

      test("a status that nobody described", async () => {
        const server = await startScriptedServer([{ status: 202, body: {} }]);
        open.push(server);
        proxy.leadTo(server.url);

        await post(proxy, `${DEVICE}/wipe`, {});

        expect(proxy.takeViolations()).toEqual([expect.stringMatching(/wipe: 500 .*status code/)]);
      });

      test("a parameter of the wrong type that the product sends, and refuses to pass it on", async () => {
        const { emulator, graph, references } = await start();
        const [device] = references;

        const result = await graph.actions.send(actionCall("wipe", { ...(device && { device }), parameters: { keepUserData: "yes" } }));

        expect(result.kind).toBe("unknown");
        expect(emulator.requests).toEqual([]);
        expect(proxy.takeViolations()).toEqual([expect.stringMatching(/wipe: 422 .*body\.keepUserData/)]);
      });

      test.each([
        ["a path", "GET", "/v1.0/deviceManagement/managedDevice", /404/],
        ["a version that lacks the action", "POST", `${DEVICE}/rotateBitLockerKeys`, /404/],
        ["a verb", "PUT", DEVICE, /405|not .*method/i],
        ["a property", "GET", `${DEVICE}?$select=id,serialNumbers`, /query\.\$select/],
      ])("%s that nobody described", async (_, method, path, violation) => {
        await start();

        await call(proxy, method, path);

        expect(proxy.takeViolations()).toEqual([expect.stringMatching(violation)]);
      });

      test("a property that nobody described in an item of a batch", async () => {
        await startScript(inBatch(managedDevice()));

        await post(proxy, "/v1.0/$batch", batchOf(`${DEVICE.replace("/v1.0", "")}?$select=id,serialNumbers`));

        expect(proxy.takeViolations()).toEqual([expect.stringMatching(/query\.\$select/)]);
      });
    });
  });
}

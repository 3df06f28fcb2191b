import { afterEach, describe, expect, test } from "@jest/globals";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/graph/start-emulator.ts";
import type { DeviceReference } from "../../providers/domain/plan.ts";
import { actionCall, graphAt, resolveAll } from "./graph-fixture.ts";

const open: Emulator[] = [];

afterEach(() => Promise.all(open.splice(0).map((emulator) => emulator.close())));

/** The default fleet, one of its devices, and Graph in front of it. */
async function fleet(serialNumber: string, options: EmulatorOptions = {}) {
  const emulator = await startEmulator(options);
  open.push(emulator);
  const device: DeviceReference = { id: emulator.device(serialNumber).id, path: { kind: "managedDevices" } };
  return { emulator, device, graph: graphAt(emulator.url) };
}

const IPAD = "DMPXK2ABCDEF";

describe("against the emulator", () => {
  test("a device is found, read, unlocked and wiped, and its code is gone", async () => {
    const { emulator, device, graph } = await fleet(IPAD, { checkInDelayMs: 0 });

    const [found] = await resolveAll(graph, [{ serialNumber: "dmpx k2 abcdef" }]);
    const code = await graph.directory.readBypassCode(device);
    const unlocked = await graph.actions.send(actionCall("bypassActivationLock", { device }));
    const wiped = await graph.actions.send(actionCall("wipe", { device, parameters: { persistEsimDataPlan: true } }));

    expect(found?.map(({ id }) => id)).toEqual([device.id]);
    expect(code?.reveal()).toEqual(expect.any(String));
    expect([unlocked.kind, wiped.kind]).toEqual(["accepted", "accepted"]);
    expect(emulator.actionCalls.map(({ action, status }) => [action, status])).toEqual([
      ["bypassActivationLock", 204],
      ["wipe", 204],
    ]);
    expect(wiped.requestId).toBe(emulator.actionCalls[1]?.requestId);
    expect(emulator.device(IPAD).bypassCode).toBeNull();
  });

  test("a result and its secret are seen by observing", async () => {
    const { device, graph, emulator } = await fleet("R58XK2DROID1");
    await graph.actions.send(actionCall("resetPasscode", { device }));
    emulator.checkIn("R58XK2DROID1");

    const seen = await graph.directory.observe(device);

    const result = seen?.deviceActionResults.find(({ actionName }) => /resetPasscode/i.test(actionName));
    expect(result).toMatchObject({ actionState: "done", startDateTime: expect.any(String) });
    expect(result?.secret?.reveal()).toMatch(/./);
  });

  test("a device that left is null, one that never was also", async () => {
    const { device, graph, emulator } = await fleet(IPAD);
    emulator.remove(IPAD);

    const [left, never] = await Promise.all([
      graph.directory.observe(device),
      graph.directory.observe({ ...device, id: "00000000-0000-4000-8000-000000000000" }),
    ]);

    expect([left, never]).toEqual([null, null]);
  });

  test("a wipe whose answer is lost is doubt, and was sent once", async () => {
    for (const effect of [
      { kind: "reset", applied: true },
      { kind: "status", status: 500, applied: true },
      { kind: "status", status: 503 },
      { kind: "reset" },
    ] as const) {
      const { device, graph, emulator } = await fleet(IPAD);
      emulator.setFault({ call: "wipe", effect });

      const result = await graph.actions.send(actionCall("wipe", { device }));

      expect(result.kind).toBe("unknown");
      expect(emulator.actionCalls).toHaveLength(1);
    }
  });

  test("a wipe that is throttled is one request, until somebody sends it again", async () => {
    const { device, graph, emulator } = await fleet(IPAD);
    emulator.setFault({ call: "wipe", nth: 1, effect: { kind: "status", status: 429, retryAfter: "date", body: "html" } });

    const first = await graph.actions.send(actionCall("wipe", { device }));
    const second = await graph.actions.send(actionCall("wipe", { device }));

    expect(first).toMatchObject({ kind: "throttled", again: { afterMs: 2_000 } });
    expect(second.kind).toBe("accepted");
    expect(emulator.device(IPAD).received).toHaveLength(1);
  });

  test.each(["header", "message"] as const)("another administrator's approval is waited for (code in the %s)", async (codeIn) => {
    const { device, graph, emulator } = await fleet(IPAD, { approvals: { codeIn, status: 412 } });

    const asked = await graph.actions.send(actionCall("wipe", { device }));
    const id = asked.kind === "approvalRequired" ? asked.approvalRequest : "";
    const tooEarly = await graph.actions.send(actionCall("wipe", { device, approvalRequest: id }));
    emulator.decideApproval(id, "approve");
    const taken = await graph.actions.send(actionCall("wipe", { device, approvalRequest: id }));

    expect(asked).toMatchObject({ kind: "approvalRequired", approvalRequest: emulator.approvals[0]?.id });
    expect(emulator.approvals[0]?.justification).toBe("Leaver returned the iPad · INC-4711");
    expect(tooEarly.kind).toBe("approvalRequired");
    expect(taken.kind).toBe("accepted");
  });

  test("an approval that was rejected is a refusal", async () => {
    const { device, graph, emulator } = await fleet(IPAD, { approvals: {} });
    await graph.actions.send(actionCall("wipe", { device }));
    const id = emulator.approvals[0]?.id ?? "";
    emulator.decideApproval(id, "reject");

    const result = await graph.actions.send(actionCall("wipe", { device, approvalRequest: id }));

    expect(result).toMatchObject({ kind: "refused", status: 403, detail: expect.stringContaining("ApprovalDenied") });
  });

  test("items that a batch leaves out are read all the same", async () => {
    const { graph, emulator } = await fleet(IPAD);
    emulator.setFault({ call: "batch", nth: 1, effect: { kind: "omitItems", count: 4 } });
    emulator.setFault({ call: "read", batched: true, nth: 2, effect: { kind: "status", status: 429 } });
    const ids = emulator.devices().map(({ id }) => id);

    const seen = await Promise.all(ids.map((id) => graph.directory.observe({ id, path: { kind: "managedDevices" } })));

    expect(seen.map((device) => device?.id)).toEqual(ids);
  });

  test("a thousand devices are observed in fifty requests", async () => {
    const devices = Array.from({ length: 1_000 }, (_, index) => ({ serialNumber: `SN${index}` }));
    const { graph, emulator } = await fleet("SN0", { devices, throttle: "off" });
    const ids = emulator.devices().map(({ id }) => id);

    const seen = await Promise.all(ids.map((id) => graph.directory.observe({ id, path: { kind: "managedDevices" } })));

    expect(seen.map((device) => device?.id)).toEqual(ids);
    expect(graph.requestCount()).toBe(50);
  });

  test("every read names its properties, and only the read of the code names the code", async () => {
    const { device, graph, emulator } = await fleet(IPAD);

    await resolveAll(graph, [{ serialNumber: IPAD }, { id: device.id }]);
    await graph.directory.observe(device);
    await graph.directory.readBypassCode(device);

    const reads = emulator.requests.filter(({ kind }) => kind !== "batch");
    expect(reads.every(({ path }) => path.includes("$select=id,"))).toBe(true);
    expect(reads.filter(({ path }) => path.includes("activationLockBypassCode")).map(({ kind, batched }) => [kind, batched])).toEqual([
      ["readCode", false],
    ]);
  });
});

import { describe, expect, test } from "@jest/globals";
import { LedgerBusyError } from "../../providers/domain/errors.ts";
import type { ActionCall } from "../../providers/domain/ports.ts";
import type { GraphOptions } from "../../providers/graph/graph.ts";
import type { Script } from "../support/scripted-server.ts";
import { actionCall, DEVICE, graphAt, managedDevice, opaqueTokens } from "./graph-fixture.ts";
import { NO_CONTENT, scriptedServers } from "./send-one-action.ts";

const { start, send } = scriptedServers();

describe("a brake that is set while the call waits", () => {
  test("stops it before the wire", async () => {
    const { result, requests } = await send([NO_CONTENT], actionCall("wipe", { holdBack: async () => "too many wipes" }));

    expect(result).toMatchObject({ kind: "throttled", detail: expect.stringContaining("too many wipes") });
    expect(requests).toEqual([]);
  });

  test("stops it too when the ledger cannot say whose the device is", async () => {
    const holdBack = () => Promise.reject(new LedgerBusyError("device d is not ours any more"));

    const { result, requests } = await send([NO_CONTENT], actionCall("wipe", { holdBack }));

    expect(result).toMatchObject({ kind: "throttled", detail: expect.stringContaining("not ours any more") });
    expect(requests).toEqual([]);
  });
});

describe("the place of a call under the rate limit", () => {
  const held = () => Promise.resolve("the brake is set");
  const busy = () => Promise.reject(new LedgerBusyError("device d is not ours any more"));

  async function placed(script: Script, call: Partial<ActionCall>, options: Partial<GraphOptions>) {
    const server = await start(script);
    const graph = graphAt(server.url, options);
    const place = await graph.actions.takePlace();
    const result = await graph.actions.send(actionCall("wipe", { ...call, place }));
    return { graph, result, requests: server.requests };
  }

  test("is the one that was taken before: the call takes no second one", async () => {
    const { graph, requests } = await placed([NO_CONTENT], {}, { limits: { writesPerWindow: 2 } });

    await graph.actions.takePlace();
    expect(graph.clock.slept).toEqual([]);
    await graph.actions.takePlace();
    expect(graph.clock.slept).toEqual([19_300]);
    expect(requests).toHaveLength(1);
  });

  test.each([
    ["by the brake", { holdBack: held }, {}],
    ["by a ledger that cannot tell", { holdBack: busy }, {}],
    ["by an approval that cannot stand in a header", { approvalRequest: "no id" }, {}],
    ["without a token", {}, { tokens: opaqueTokens(null) }],
  ] as const)("is given back when the call is held back right before the wire %s", async (_name, call, options) => {
    const { graph, requests } = await placed([], call, { limits: { writesPerWindow: 1 }, ...options });

    await graph.actions.takePlace();

    expect(graph.clock.slept).toEqual([]);
    expect(requests).toEqual([]);
  });

  test("counts from when the call came to the wire, after all that held it up", async () => {
    const server = await start([NO_CONTENT]);
    const graph = graphAt(server.url, { limits: { writesPerWindow: 1 } });
    const place = await graph.actions.takePlace();
    const holdBack = async () => {
      graph.clock.advance(2_000);
      return null;
    };
    const started = graph.clock.now();

    await graph.actions.send(actionCall("wipe", { place, holdBack }));
    await graph.actions.takePlace();

    expect(graph.clock.now() - started).toBe(2_000 + 19_300);
  });

  test("has its last look, whatever other reads have taken", async () => {
    const server = await start(() => ({ status: 200, body: managedDevice({ activationLockBypassCode: null }) }));
    const graph = graphAt(server.url, { limits: { writesPerWindow: 1, callsPerWindow: 5 } });
    await graph.actions.takePlace();
    await graph.directory.readBypassCode(DEVICE);
    await graph.directory.readBypassCode(DEVICE);

    await graph.directory.lookClosely(DEVICE, false);
    const look = [...graph.clock.slept];
    await graph.directory.readBypassCode(DEVICE);

    const slept = graph.clock.slept.reduce((sum, one) => sum + one, 0);
    expect([look, slept]).toEqual([[], 20_300]);
  });

  test("is given back once, so that nobody else's is: it may be given back again by whoever took it", async () => {
    const graph = graphAt("http://127.0.0.1:1", { limits: { writesPerWindow: 2 } });
    const place = await graph.actions.takePlace();
    await graph.actions.takePlace();

    await graph.actions.send(actionCall("wipe", { place, holdBack: held }));
    place.giveBack();

    await graph.actions.takePlace();
    expect(graph.clock.slept).toEqual([]);
    await graph.actions.takePlace();
    expect(graph.clock.slept).toEqual([19_300]);
  });

  test.each([
    ["asks for a pause", { "retry-after": "9" }, true],
    ["asks for none", {}, false],
  ])("is no leave any more once the answer to another call %s", async (_name, headers, expected) => {
    const server = await start([{ status: 429, headers, body: {} }]);
    const graph = graphAt(server.url, { limits: { attempts: 1 } });
    const place = await graph.actions.takePlace();

    await graph.actions.send(actionCall("syncDevice"));

    expect(place.isPaused()).toBe(expected);
  });

  test("is given back also by a call that took it itself", async () => {
    const graph = graphAt("http://127.0.0.1:1", { limits: { writesPerWindow: 1 } });

    await graph.actions.send(actionCall("syncDevice", { holdBack: held }));
    await graph.actions.takePlace();

    expect(graph.clock.slept).toEqual([]);
  });

  test("stays taken by a call that found no answer", async () => {
    const { graph } = await placed(["reset"], {}, { limits: { writesPerWindow: 1 } });

    await graph.actions.takePlace();

    expect(graph.clock.slept).toEqual([19_300]);
  });
});

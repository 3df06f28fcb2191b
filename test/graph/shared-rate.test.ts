import { afterEach, describe, expect, test } from "@jest/globals";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { actionCall, graphAt } from "./graph-fixture.ts";

const servers: ScriptedServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** Wipes one after another; gives when each went, in milliseconds from the first. */
async function wipes(count: number, { refused = [], ...options }: { refused?: readonly number[]; shards?: number } = {}) {
  const server = await startScriptedServer((_, index) => ({ status: refused.includes(index) ? 429 : 204 }));
  servers.push(server);
  const graph = graphAt(server.url, options);
  const start = graph.clock.now();
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    await graph.actions.send(actionCall("wipe", { place: await graph.actions.takePlace() }));
    times.push(graph.clock.now() - start);
  }
  return times;
}

describe("the rate of one run", () => {
  test("is a part of Graph's where stacks share it as shards", async () => {
    const times = await wipes(101, { shards: 4 });

    expect([times[49], times[50], times[99], times[100]]).toEqual([0, 20_300, 20_300, 40_600]);
  });

  test("is less after Graph has refused a call of it", async () => {
    const times = await wipes(272, { refused: [150] });

    // The call after the refusal waits, and 120 go in the next window, not 200.
    expect([times[150], times[151], times[270], times[271]]).toEqual([0, 20_300, 20_300, 40_600]);
  });
});

import { afterEach, describe, expect, test } from "@jest/globals";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { actionCall, graphAt } from "./graph-fixture.ts";

const servers: ScriptedServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const HOUR = 3_600_000;

interface Wishes {
  readonly refused?: readonly number[];
  readonly shards?: number;
  /** After this one somebody sets the clock back by an hour. */
  readonly setBackAt?: number;
}

/** Wipes one after another; gives when each went, in milliseconds from the first. */
async function wipes(count: number, { refused = [], setBackAt, ...options }: Wishes = {}) {
  const server = await startScriptedServer((_, index) => ({ status: refused.includes(index) ? 429 : 204 }));
  servers.push(server);
  let setBack = 0;
  const monotonic = (): number => graph.clock.now() + setBack;
  const graph = graphAt(server.url, { ...options, monotonic });
  const start = monotonic();
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    await graph.actions.send(actionCall("wipe", { place: await graph.actions.takePlace() }));
    times.push(monotonic() - start);
    if (index !== setBackAt) continue;
    graph.clock.advance(-HOUR);
    setBack = HOUR;
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

    // The call after the refusal waits, and 120 go in the next window, evenly, not 200 at once.
    expect([times[150], times[151], times[152], times[270], times[271]]).toEqual([0, 20_300, 20_469, 40_411, 40_600]);
  });

  test("is what it was where the clock was set back meanwhile", async () => {
    const times = await wipes(272, { refused: [150], setBackAt: 199 });

    expect([times[150], times[151], times[270], times[271]]).toEqual([0, 20_300, 40_411, 40_600]);
  });
});

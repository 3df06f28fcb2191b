import { describe, expect, test } from "@jest/globals";
import type { ActionCall } from "../../providers/domain/ports.ts";
import { reconcile } from "../../providers/engine/reconcile.ts";
import { World } from "../support/fakes.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";

/** The calls of one run, as the Graph room gets them. */
async function callsOf(changes: Parameters<typeof lifecycleRequest>[1], change: string | null): Promise<readonly ActionCall[]> {
  const world = new World();
  const calls: ActionCall[] = [];
  const send = world.graph.send.bind(world.graph);
  world.graph.send = async (call) => {
    calls.push(call);
    return send(call);
  };
  await reconcile(jobOf(lifecycleRequest(["syncDevice"], changes)), world.ports, { ...world.settings(), change });
  return calls;
}

describe("the justification that another administrator reads", () => {
  test("names the reason, the ticket, the request and the reviewed change", async () => {
    const calls = await callsOf({}, "https://github.com/contoso/devices/pull/17");

    expect(calls).toHaveLength(1);
    for (const word of ["Leaver returned the iPad", "INC-4711", "leeds-leaver-0042", "https://github.com/contoso/devices/pull/17"]) {
      expect(calls[0]?.justification).toContain(word);
    }
  });

  test("leaves out what there is none of", async () => {
    const calls = await callsOf({ ticket: null }, null);

    expect(calls[0]?.justification).toContain("leeds-leaver-0042");
    expect(calls[0]?.justification).not.toMatch(/null|undefined|INC-/);
  });
});

import { describe, expect, test } from "@jest/globals";
import type { ManagedDevice } from "../../providers/domain/managed-device.ts";
import { reconcile } from "../../providers/engine/reconcile.ts";
import { CODE, World } from "../support/fakes.ts";
import { ANDROID, IPAD, MAC } from "../support/fakes-devices.ts";
import { Crash, type Fault, withFault } from "../support/fakes-faults.ts";
import { posts } from "../support/fakes-journal.ts";
import { brokenPromises, brokenSuccess } from "../support/fakes-promises.ts";
import { jobOf, lifecycleRequest, type StepText, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";

const DAY = 24 * 3_600_000;

interface Story {
  readonly name: string;
  readonly steps: readonly StepText[];
  readonly device: ManagedDevice;
}

const STORIES: readonly Story[] = [
  { name: "unlock and wipe", steps: UNLOCK_AND_WIPE, device: IPAD },
  { name: "retire", steps: ["escrowBypassCode", "retire"], device: IPAD },
  { name: "wipe of a Mac", steps: ["escrowBypassCode", "wipe"], device: MAC },
  { name: "passcode reset, wait, wipe", steps: ["resetPasscode", "waitFor", "wipe"], device: ANDROID },
  { name: "sync", steps: ["syncDevice"], device: ANDROID },
];

function story({ steps, device }: Story) {
  const request = lifecycleRequest(steps);
  return { world: new World(device, device === ANDROID ? null : CODE), job: jobOf(request, device), acknowledge: request.acknowledge };
}

async function callsOf(of: Story): Promise<readonly string[]> {
  const { world, job } = story(of);
  const { ports, calls } = withFault(world.ports, null);
  await reconcile(job, ports, world.settings());
  return calls;
}

describe.each(STORIES)("$name, killed at every call of a port", (of) => {
  test.each(["before", "after"] as const)("%s it: recovery is honest, and nothing is sent twice", async (when) => {
    const calls = await callsOf(of);
    expect(calls.length).toBeGreaterThan(8);

    for (const [call, method] of calls.entries()) {
      const where = `${when} call ${call} (${method})`;
      const { world, job, acknowledge } = story(of);
      const fault: Fault = { call, when };
      await expect(world.run(job, { fault })).rejects.toThrow(Crash);
      world.clock.advance(DAY);

      const recovered = await world.run(job);
      world.clock.advance(DAY);
      const later = await world.run(job);

      expect({ where, broken: brokenPromises(world, job.plan, acknowledge) }).toEqual({ where, broken: [] });
      expect({ where, broken: brokenSuccess(world, job.plan, recovered) }).toEqual({ where, broken: [] });
      expect({ where, later: later.outcome }).toEqual({ where, later: recovered.outcome });
      expect(["succeeded", "ambiguous"]).toContain(recovered.outcome);
      expect(world.graph.erased(job.plan.device.id)).toBeLessThanOrEqual(1);
    }
  });
});

describe("a ledger that breaks", () => {
  const WIPE = jobOf(lifecycleRequest(["wipe"]), ANDROID);
  /** The records of a wipe, in order: begun, intent, result, finished, outcome. */
  const INTENT = 1;
  const RESULT = 2;

  test("at the intent, before it is durable: nothing is sent, and the next run sends", async () => {
    const world = new World(ANDROID, null);

    await expect(world.run(WIPE, { fault: { method: "append", call: INTENT, when: "before" } })).rejects.toThrow(Crash);
    expect(posts(world.journal)).toEqual([]);

    expect(await world.run(WIPE)).toMatchObject({ outcome: "succeeded" });
    expect(posts(world.journal)).toEqual(["wipe"]);
  });

  test("at the intent, after it is durable: nothing is sent, and a person has to settle it", async () => {
    const world = new World(ANDROID, null);

    await expect(world.run(WIPE, { fault: { method: "append", call: INTENT, when: "after" } })).rejects.toThrow(Crash);

    expect(await world.run(WIPE)).toMatchObject({ outcome: "ambiguous" });
    expect(posts(world.journal)).toEqual([]);
    await world.settle(WIPE, "not-taken");
    expect(await world.run(WIPE)).toMatchObject({ outcome: "succeeded" });
    expect(posts(world.journal)).toEqual(["wipe"]);
  });

  test.each(["before", "after"] as const)(
    "at the result, %s it is durable: the device's report tells, and nothing is sent again",
    async (when) => {
      const world = new World(ANDROID, null);
      world.graph.checkInMs = 10 * 60_000;

      await expect(world.run(WIPE, { fault: { method: "append", call: RESULT, when } })).rejects.toThrow(Crash);
      world.clock.advance(60_000);

      expect(await world.run(WIPE, { waitMs: 20 * 60_000 })).toMatchObject({ outcome: "succeeded" });
      expect(posts(world.journal)).toEqual(["wipe"]);
    },
  );

  test("at the result, and the device is gone before the next run: ambiguous, for the answer is lost", async () => {
    const world = new World(ANDROID, null);

    await expect(world.run(WIPE, { fault: { method: "append", call: RESULT, when: "before" } })).rejects.toThrow(Crash);
    world.clock.advance(DAY);

    expect(await world.run(WIPE)).toMatchObject({ outcome: "ambiguous" });
    expect(posts(world.journal)).toEqual(["wipe"]);
  });
});

import { describe, expect, test } from "@jest/globals";
import { OUTCOMES } from "../../providers/domain/outcome.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { fingerprintOf } from "../../providers/escrow/fingerprint.ts";
import { observeDrift } from "../../providers/pulumi/drift.ts";
import type { LifecycleOutputs } from "../../providers/pulumi/state.ts";
import { CODE, World } from "../support/fakes.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { stateFor } from "../support/fakes-pulumi.ts";
import { lifecycleRequest } from "../support/fakes-requests.ts";

const ESCROW = lifecycleRequest(["escrowBypassCode"]);
const WIPE = lifecycleRequest(["escrowBypassCode", "wipe"]);

function escrowed(request = ESCROW): LifecycleOutputs {
  const bypassCode = { reference: "memory:1", fingerprint: fingerprintOf(new Redacted(CODE)), capturedAt: "2026-11-01T00:00:00.000Z" };
  return { ...stateFor(request, "succeeded"), bypassCode };
}

const driftOf = (state: LifecycleOutputs) => state.conditions.find(({ type }) => type === "Drifted");

describe("refresh", () => {
  test("of a succeeded request whose device is as it was finds nothing, and writes nothing", async () => {
    const world = new World();
    const state = escrowed();

    expect(await observeDrift(state, world.ports)).toEqual(state);
    expect(world.journal.map(({ kind }) => kind)).toEqual(["readCode"]);
  });

  test("finds another bypass code than the escrowed one", async () => {
    const world = new World(IPAD, `${CODE}-NEW`);

    const state = await observeDrift(escrowed(), world.ports);

    expect(driftOf(state)).toMatchObject({ status: "True", reason: "BypassCodeChanged", lastTransitionTime: "2026-11-20T12:00:00.000Z" });
    expect(JSON.stringify(state)).not.toContain(CODE);
  });

  test("takes a code that is gone for no drift: the escrowed one is all there is", async () => {
    expect(driftOf(await observeDrift(escrowed(), new World(IPAD, null).ports))).toBeUndefined();
  });

  test("finds a device that left Intune, and one that was enrolled anew", async () => {
    const gone = new World();
    gone.graph.remove(IPAD.id);
    const anew = new World();
    anew.graph.enrolAnew(IPAD.id, "2026-11-19T00:00:00Z", CODE);

    expect(driftOf(await observeDrift(escrowed(), gone.ports))).toMatchObject({ reason: "LeftIntune" });
    expect(driftOf(await observeDrift(escrowed(), anew.ports))).toMatchObject({
      reason: "EnrolledAnew",
      message: expect.stringContaining("generation: 2"),
    });
  });

  test("takes a device that left after its wipe for no drift", async () => {
    const world = new World();
    world.graph.remove(IPAD.id);

    expect(driftOf(await observeDrift(escrowed(WIPE), world.ports))).toBeUndefined();
  });

  test("does not read the code of a device that was to be wiped", async () => {
    const world = new World(IPAD, `${CODE}-NEW`);

    await observeDrift(escrowed(WIPE), world.ports);

    expect(world.journal).toEqual([]);
  });

  test("keeps the time of a drift that goes on, and clears one that is over", async () => {
    const world = new World(IPAD, `${CODE}-NEW`);
    const first = await observeDrift(escrowed(), world.ports);
    world.clock.advance(60_000);

    const second = await observeDrift(first, world.ports);
    world.graph.setCode(IPAD.id, CODE);
    const third = await observeDrift(second, world.ports);

    expect(driftOf(second)).toEqual(driftOf(first));
    expect(driftOf(third)).toBeUndefined();
  });

  test.each(OUTCOMES.filter((outcome) => outcome !== "succeeded"))(
    "leaves a request that is %s as it is, without asking Graph",
    async (outcome) => {
      const world = new World();
      const state = stateFor(ESCROW, outcome);

      expect(await observeDrift(state, world.ports)).toBe(state);
      expect(world.graph.reads).toBe(0);
    },
  );
});

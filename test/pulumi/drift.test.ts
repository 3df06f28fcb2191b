import { describe, expect, test } from "@jest/globals";
import { NotVisibleError } from "../../providers/domain/errors.ts";
import { OUTCOMES } from "../../providers/domain/outcome.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { fingerprintOf } from "../../providers/escrow/fingerprint.ts";
import { observeDrift } from "../../providers/pulumi/provider/drift/observe-drift.ts";
import type { LifecycleOutputs } from "../../providers/pulumi/state.ts";
import { CODE, World } from "../support/fakes.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { stateFor } from "../support/fakes-pulumi.ts";
import { lifecycleRequest } from "../support/fakes-requests.ts";

const ESCROW = lifecycleRequest(["escrowBypassCode"]);
const WIPE = lifecycleRequest(["escrowBypassCode", "wipe"]);

const GONE_AFTER = 30_000;

function escrowed(request = ESCROW): LifecycleOutputs {
  const bypassCode = { reference: "memory:1", fingerprint: fingerprintOf(new Redacted(CODE)), capturedAt: "2026-11-01T00:00:00.000Z" };
  return { ...stateFor(request, "succeeded"), bypassCode };
}

const driftOf = (state: LifecycleOutputs) => state.conditions.find(({ type }) => type === "Drifted");

describe("refresh", () => {
  test("of a succeeded request whose device is as it was finds nothing, and writes nothing", async () => {
    const world = new World();
    const state = escrowed();

    expect(await observeDrift(state, world.ports, GONE_AFTER)).toEqual(state);
    expect(world.journal.map(({ kind }) => kind)).toEqual(["readCode"]);
  });

  test("finds another bypass code than the escrowed one", async () => {
    const world = new World(IPAD, `${CODE}-NEW`);

    const state = await observeDrift(escrowed(), world.ports, GONE_AFTER);

    expect(driftOf(state)).toMatchObject({ status: "True", reason: "BypassCodeChanged", lastTransitionTime: "2026-11-20T12:00:00.000Z" });
    expect(JSON.stringify(state)).not.toContain(CODE);
  });

  test("takes a code that is gone for no drift: the escrowed one is all there is", async () => {
    expect(driftOf(await observeDrift(escrowed(), new World(IPAD, null).ports, GONE_AFTER))).toBeUndefined();
  });

  test("finds a device that was enrolled anew", async () => {
    const anew = new World();
    anew.graph.enrolAnew(IPAD.id, "2026-11-19T00:00:00Z", CODE);

    expect(driftOf(await observeDrift(escrowed(), anew.ports, GONE_AFTER))).toMatchObject({
      status: "True",
      reason: "EnrolledAnew",
      message: expect.stringContaining("generation: 2"),
    });
  });

  test("finds a device that left Intune once it was missed twice, some time apart", async () => {
    const world = new World();
    world.graph.remove(IPAD.id);
    const look = (state: LifecycleOutputs) => observeDrift(state, world.ports, GONE_AFTER);

    const first = await look(escrowed());
    world.clock.advance(GONE_AFTER - 1);
    const soon = await look(first);
    world.clock.advance(1);
    const last = await look(soon);

    expect(driftOf(first)).toMatchObject({ status: "Unknown", message: expect.stringContaining("may not see it") });
    expect(driftOf(soon)).toEqual(driftOf(first));
    expect(driftOf(last)).toMatchObject({ status: "True", reason: "LeftIntune" });
    expect(driftOf(await look(last))).toEqual(driftOf(last));
  });

  test("does not say that a device left which a list has, which is hidden, or which shows itself again", async () => {
    const world = new World();
    world.graph.remove(IPAD.id);
    const missed = await observeDrift(escrowed(), world.ports, GONE_AFTER);
    world.clock.advance(GONE_AFTER);
    const closer = async (look: typeof world.graph.lookForGone) => {
      world.graph.lookForGone = look;
      return driftOf(await observeDrift(missed, world.ports, GONE_AFTER));
    };

    expect(await closer(async () => ({ kind: "listed", detail: "the list of all devices has it" }))).toMatchObject({ status: "Unknown" });
    expect(await closer(() => Promise.reject(new NotVisibleError("a tag")))).toMatchObject({ status: "Unknown", reason: "NotVisible" });
    expect(await closer(async () => ({ kind: "there", device: IPAD }))).toBeUndefined();
  });

  test("takes an enrolment that Graph does not tell for no other one", async () => {
    const world = new World();
    world.graph.change(IPAD.id, { enrolledDateTime: null });

    expect(driftOf(await observeDrift(escrowed(), world.ports, GONE_AFTER))).toMatchObject({ status: "Unknown", reason: "NotVisible" });
  });

  test("takes a device that left after its wipe for no drift", async () => {
    const world = new World();
    world.graph.remove(IPAD.id);

    expect(driftOf(await observeDrift(escrowed(WIPE), world.ports, GONE_AFTER))).toBeUndefined();
  });

  test("takes a wiped device that is hidden for no drift either", async () => {
    const world = new World();
    world.graph.observe = () => Promise.reject(new NotVisibleError("a tag"));

    expect(driftOf(await observeDrift(escrowed(WIPE), world.ports, GONE_AFTER))).toBeUndefined();
  });

  test("does not read the code of a device that was to be wiped", async () => {
    const world = new World(IPAD, `${CODE}-NEW`);

    await observeDrift(escrowed(WIPE), world.ports, GONE_AFTER);

    expect(world.journal).toEqual([]);
  });

  test("keeps the time of a drift that goes on, and clears one that is over", async () => {
    const world = new World(IPAD, `${CODE}-NEW`);
    const first = await observeDrift(escrowed(), world.ports, GONE_AFTER);
    world.clock.advance(60_000);

    const second = await observeDrift(first, world.ports, GONE_AFTER);
    world.graph.setCode(IPAD.id, CODE);
    const third = await observeDrift(second, world.ports, GONE_AFTER);

    expect(driftOf(second)).toEqual(driftOf(first));
    expect(driftOf(third)).toBeUndefined();
  });

  test.each(OUTCOMES.filter((outcome) => outcome !== "succeeded"))(
    "leaves a request that is %s as it is, without asking Graph",
    async (outcome) => {
      const world = new World();
      const state = stateFor(ESCROW, outcome);

      expect(await observeDrift(state, world.ports, GONE_AFTER)).toBe(state);
      expect(world.graph.reads).toBe(0);
    },
  );
});

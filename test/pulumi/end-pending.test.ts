import { describe, expect, test } from "@jest/globals";
import { LedgerBusyError } from "../../providers/domain/errors.ts";
import { Session } from "../../providers/pulumi/provider/session.ts";
import type { LifecycleOutputs } from "../../providers/pulumi/state.ts";
import { World } from "../support/fakes.ts";
import { ANDROID } from "../support/fakes-devices.ts";
import { LOST_AFTER } from "../support/fakes-graph.ts";
import { appended, posts } from "../support/fakes-journal.ts";
import { inputsFor, NO_GUARD } from "../support/fakes-pulumi.ts";
import { lifecycleRequest, type StepText } from "../support/fakes-requests.ts";

const HOUR = 3_600_000;

/** A request whose run ended before the device had reported. */
async function pending(steps: readonly StepText[], prepare: (world: World) => void = () => undefined, changes = {}) {
  const world = new World();
  prepare(world);
  const request = lifecycleRequest(steps);
  const state = await new Session(world.ports, world.settings({ waitMs: 0, ...changes }), NO_GUARD).perform(inputsFor(request));
  const refresh = (from: LifecycleOutputs = state) => new Session(world.ports, world.settings(), NO_GUARD).refresh(from);
  const up = (from: LifecycleOutputs) => new Session(world.ports, world.settings(), NO_GUARD).repeat(inputsFor(request), from);
  return { world, state, refresh, up };
}

describe("a refresh of a request that is not finished", () => {
  test("ends it where the device has reported, and records that", async () => {
    const { world, state, refresh } = await pending(["rebootNow"]);
    world.clock.advance(HOUR);

    const after = await refresh();

    expect(state.outcome).toBe("pending");
    expect(after).toMatchObject({ outcome: "succeeded", steps: [{ action: "rebootNow", status: "done" }] });
    expect(appended(world.journal).slice(-2)).toEqual(["finished", "outcome"]);
    expect(posts(world.journal)).toEqual(["rebootNow"]);
  });

  test("ends a wipe whose device has left, once Graph said so twice, some time apart", async () => {
    const { world, refresh } = await pending(["escrowBypassCode", "wipe"]);
    world.clock.advance(HOUR);

    const after = await refresh();

    expect(after).toMatchObject({ outcome: "succeeded", steps: [{}, { action: "wipe", status: "done" }] });
    expect(posts(world.journal)).toEqual(["wipe"]);
  });

  test("leaves it as it is while nothing is reported, without a record", async () => {
    const { world, state, refresh } = await pending(["rebootNow"], ({ graph }) => {
      graph.isSilent = true;
    });
    const before = appended(world.journal).length;

    expect(await refresh()).toEqual(state);
    expect(appended(world.journal)).toHaveLength(before);
  });

  test("sends no step that is left, and leaves the rest to up", async () => {
    const { world, refresh, up } = await pending(["rebootNow", "waitFor", "shutDown"]);
    world.clock.advance(HOUR);

    const after = await refresh();
    const sent = posts(world.journal);
    const later = await up(after);

    expect(sent).toEqual(["rebootNow"]);
    expect(after).toMatchObject({ outcome: "pending", steps: [{ status: "done" }, { status: "done" }, { status: "waiting" }] });
    expect(later.steps[2]).toMatchObject({ action: "shutDown", status: "done" });
    expect(posts(world.journal)).toEqual(["rebootNow", "shutDown"]);
  });

  test("begins nothing, and escrows nothing", async () => {
    const { world, state, refresh } = await pending(["escrowBypassCode"], () => undefined, { followOnly: true });

    expect(await refresh()).toBe(state);
    expect(appended(world.journal).filter((kind) => kind !== "outcome")).toEqual([]);
  });

  test("leaves a failure to the next up, which is red then", async () => {
    const { world, refresh, up } = await pending(["rebootNow"], ({ graph }) => graph.endsAs("rebootNow", "failed"));
    world.clock.advance(HOUR);

    const after = await refresh();

    expect(after).toMatchObject({ outcome: "pending", steps: [{ status: "failed" }] });
    expect((await up(after)).outcome).toBe("failed");
    expect(posts(world.journal)).toEqual(["rebootNow"]);
  });

  test("ends a doubt by what the device reports, and never sends what is in doubt again", async () => {
    const { world, state, refresh } = await pending(["remoteLock"], ({ graph }) => {
      graph.answer("remoteLock", LOST_AFTER);
      graph.isSilent = true;
    });
    world.graph.isSilent = false;
    world.clock.advance(HOUR);

    const after = await refresh();

    expect(state.steps).toMatchObject([{ action: "remoteLock", status: "ambiguous" }]);
    expect(after).toMatchObject({ outcome: "succeeded", steps: [{ action: "remoteLock", status: "done" }] });
    expect(posts(world.journal)).toEqual(["remoteLock"]);
  });

  test("edits no record of why it is done: what state holds may be older", async () => {
    const { world, state, refresh } = await pending(["rebootNow"]);
    world.clock.advance(HOUR);

    await refresh({ ...state, request: { ...state.request, reason: "an older reason", ticket: null } });

    expect(appended(world.journal)).not.toContain("edited");
  });

  test("comes back as it is where another run has the device", async () => {
    const { world, state, refresh } = await pending(["rebootNow"]);
    world.clock.advance(HOUR);
    world.ports = {
      ...world.ports,
      ledger: Object.assign(Object.create(world.ledger) as typeof world.ledger, {
        recordsOf: (key: string) => world.ledger.recordsOf(key),
        withDevice: () => Promise.reject(new LedgerBusyError("another run has it")),
      }),
    };

    expect(await refresh()).toBe(state);
  });

  test("of an Android's passcode leaves the secret to a run that may escrow it", async () => {
    const world = new World(ANDROID, null);
    const request = lifecycleRequest(["resetPasscode"]);
    const state = await new Session(world.ports, world.settings({ waitMs: 0 }), NO_GUARD).perform(inputsFor(request, ANDROID));
    world.clock.advance(HOUR);

    await new Session(world.ports, world.settings(), NO_GUARD).refresh(state);

    expect(world.journal.filter(({ kind }) => kind === "escrow")).toEqual([]);
  });
});

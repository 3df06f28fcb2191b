import { describe, expect, test } from "@jest/globals";
import { GraphReadError, NotVisibleError } from "../../providers/domain/errors.ts";
import type { SecretLook } from "../../providers/domain/ports.ts";
import { mendable, mendableDrift } from "../../providers/pulumi/drift-findings.ts";
import { driftWarnings } from "../../providers/pulumi/program/drift-warnings.ts";
import { observeDrift } from "../../providers/pulumi/provider/drift/observe-drift.ts";
import { Session } from "../../providers/pulumi/provider/session.ts";
import type { LifecycleOutputs } from "../../providers/pulumi/state.ts";
import { CODE, World } from "../support/fakes.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { appended, posts } from "../support/fakes-journal.ts";
import { inputsFor, NO_GUARD } from "../support/fakes-pulumi.ts";
import { lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";

const ESCROW = lifecycleRequest(["escrowBypassCode"], { onDrift: "repeat" });
const WIPE = lifecycleRequest(UNLOCK_AND_WIPE);
const GONE_AFTER = 30_000;
const REFERENCE = "memory:1";

const session = (world: World, changes = {}) => new Session(world.ports, world.settings(changes), NO_GUARD);

/** A request that was done in a world of its own. */
async function done(request = ESCROW): Promise<{ readonly world: World; readonly state: LifecycleOutputs }> {
  const world = new World();
  return { world, state: await session(world).perform(inputsFor(request)) };
}

const told = ({ drift = [] }: LifecycleOutputs) => drift.map(({ kind, state, about }) => [kind, state, about]);
const refreshed = (state: LifecycleOutputs, world: World) => observeDrift(state, world.ports, GONE_AFTER);

describe("a refresh finds", () => {
  test("another device behind the id", async () => {
    const { world, state } = await done();
    world.graph.change(IPAD.id, { serialNumber: "DMPXK2OTHER0" });

    const after = await refreshed(state, world);

    expect(told(after)).toEqual([["Replaced", "new", "device"]]);
    expect(after.conditions).toContainEqual(expect.objectContaining({ type: "Drifted", status: "True", reason: "Replaced" }));
  });

  test("the serial number enrolled under another id, once the device was missed twice, some time apart", async () => {
    const { world, state } = await done();
    world.graph.remove(IPAD.id);
    const other = { ...IPAD, id: "00000000-0000-4000-8000-0000000000bb", enrolledDateTime: "2026-11-20T10:00:00Z" };
    world.graph.enrol(other, CODE);

    const missed = await refreshed(state, world);
    world.clock.advance(GONE_AFTER);
    const found = await refreshed(missed, world);
    const again = await refreshed(found, world);

    expect(told(missed)).toEqual([["NotKnown", "new", "device"]]);
    expect(told(found)).toEqual([["EnrolledElsewhere", "new", "device"]]);
    expect(found.drift?.[0]?.message).toContain(other.id);
    expect(told(again)).toEqual([["EnrolledElsewhere", "known", "device"]]);
  });

  test("that a wiped device came back, under its id or another, and takes neither for drift", async () => {
    for (const id of [IPAD.id, "00000000-0000-4000-8000-0000000000bb"]) {
      const { world, state } = await done(WIPE);
      world.graph.enrol({ ...IPAD, id, enrolledDateTime: "2026-12-24T00:00:00Z" }, CODE);

      const after = await refreshed(state, world);

      expect(told(after)).toEqual([["CameBack", "new", "device"]]);
      expect(after.drift?.[0]?.message).toBe(`the device is enrolled again, under the id ${id} since 2026-12-24T00:00:00Z`);
      expect(after.conditions.filter(({ type }) => type === "Drifted")).toEqual([]);
    }
  });

  test.each([
    ["an older object of the same serial number", { enrolledDateTime: "2020-01-01T00:00:00Z" }],
    ["one that does not tell when it was enrolled", { enrolledDateTime: null }],
    ["another serial number", { serialNumber: "DMPXK2OTHER0", enrolledDateTime: "2026-12-24T00:00:00Z" }],
  ])("no return in %s", async (_, changes) => {
    const { world, state } = await done(WIPE);
    world.graph.enrol({ ...IPAD, id: "00000000-0000-4000-8000-0000000000bb", ...changes });

    expect(told(await refreshed(state, world))).toEqual([]);
  });

  test("nothing about a wiped device where the list of devices cannot be read, and keeps what was known", async () => {
    const { world, state } = await done(WIPE);
    const back = { ...IPAD, id: "00000000-0000-4000-8000-0000000000bb", enrolledDateTime: "2026-12-24T00:00:00Z" };
    world.graph.enrol(back);
    const found = await refreshed(state, world);
    world.ports = { ...world.ports, everyDevice: () => Promise.reject(new GraphReadError("no list")) };

    expect(told(await refreshed(found, world))).toEqual([["CameBack", "known", "device"]]);
    expect(told(await refreshed(state, world))).toEqual([]);
  });

  test.each<[SecretLook, string]>([
    [{ kind: "deleted", detail: "at noon" }, "SecretDeleted"],
    [{ kind: "disabled" }, "SecretDisabled"],
    [{ kind: "there", expiresAt: "2026-12-20T12:00:00.000Z" }, "SecretExpires"],
    [{ kind: "there", expiresAt: "2026-11-01T00:00:00.000Z" }, "SecretExpires"],
    [{ kind: "unseen", why: "no network" }, "SecretNotSeen"],
    [{ kind: "notAllowed", why: "no right" }, "SecretNotLookedAt"],
  ])("of a secret that is %j: %s", async (look, kind) => {
    for (const request of [ESCROW, WIPE]) {
      const { world, state } = await done(request);
      world.escrow.looks.set(REFERENCE, look);

      expect(told(await refreshed(state, world))).toEqual([[kind, "new", REFERENCE]]);
    }
  });

  test("that one device cannot be read, and goes on with the others; without any answer it fails", async () => {
    const { world, state } = await done();
    const answered = new GraphReadError("Graph did not give a device: 500", { status: 500 });
    world.graph.observe = () => Promise.reject(answered);
    const unseen = await refreshed(state, world);
    const wiped = await refreshed((await done(WIPE)).state, world);
    world.graph.observe = async () => IPAD;
    world.graph.readBypassCode = () => Promise.reject(answered);
    const unread = await refreshed(state, world);
    world.graph.observe = () => Promise.reject(new GraphReadError("no answer"));

    expect(told(unseen)).toEqual([["NotVisible", "new", "device"]]);
    expect(told(wiped)).toEqual([]);
    expect(told(unread)).toEqual([["NotVisible", "new", "bypassCode"]]);
    await expect(refreshed(state, world)).rejects.toThrow("no answer");
    await expect(refreshed((await done(WIPE)).state, world)).rejects.toThrow("no answer");
  });

  test("nothing of a secret that expires later", async () => {
    const { world, state } = await done();
    world.escrow.looks.set(REFERENCE, { kind: "there", expiresAt: "2026-12-20T12:00:00.001Z" });

    expect(told(await refreshed(state, world))).toEqual([]);
  });

  test("what it cannot see, beside what was found before: a vault that does not answer resolves nothing", async () => {
    const { world, state } = await done();
    world.escrow.looks.set(REFERENCE, { kind: "disabled" });
    const first = await refreshed(state, world);
    world.escrow.looks.set(REFERENCE, { kind: "unseen", why: "no network" });
    world.graph.observe = () => Promise.reject(new NotVisibleError("a tag"));

    expect(told(await refreshed(first, world))).toEqual([
      ["SecretDisabled", "known", REFERENCE],
      ["NotVisible", "new", "device"],
      ["SecretNotSeen", "new", REFERENCE],
    ]);
  });
});

describe("onDrift: repeat", () => {
  test.each<[string, (world: World) => void]>([
    ["another bypass code", ({ graph }) => graph.setCode(IPAD.id, `${CODE}-NEW`)],
    ["a deleted secret", ({ escrow }) => escrow.looks.set(REFERENCE, { kind: "deleted", detail: "at noon" })],
    ["a disabled secret", ({ escrow }) => escrow.looks.set(REFERENCE, { kind: "disabled" })],
    ["a secret that expires soon", ({ escrow }) => escrow.looks.set(REFERENCE, { kind: "there", expiresAt: "2026-11-21T00:00:00Z" })],
  ])("escrows the code anew for %s, once, and the next refresh finds nothing", async (_, happen) => {
    const { world, state } = await done();
    happen(world);
    const drifted = await refreshed(state, world);

    const repeated = await session(world).repeat(inputsFor(ESCROW), drifted);
    const after = await refreshed(repeated, world);

    expect(driftWarnings(drifted, ESCROW)[0]).toMatch(/; onDrift: repeat does anew: escrowBypassCode$/);
    expect(repeated).toMatchObject({ outcome: "succeeded", bypassCode: { reference: "memory:2" }, drift: [] });
    expect(appended(world.journal).filter((kind) => kind === "repeated")).toHaveLength(1);
    expect(told(after)).toEqual([]);
    expect(mendableDrift(after)).toBeNull();
  });

  test.each<[string, (world: World) => void]>([
    ["a secret that could not be seen", ({ escrow }) => escrow.looks.set(REFERENCE, { kind: "unseen", why: "no network" })],
    ["a device that was enrolled anew", ({ graph }) => graph.enrolAnew(IPAD.id, "2026-11-20T11:00:00Z", CODE)],
    ["a device that is not shown", ({ graph }) => graph.remove(IPAD.id)],
    [
      "a deleted secret of a device that was enrolled anew",
      ({ graph, escrow }) => {
        graph.enrolAnew(IPAD.id, "2026-11-20T11:00:00Z", CODE);
        escrow.looks.set(REFERENCE, { kind: "deleted", detail: "at noon" });
      },
    ],
  ])("does nothing for %s, and keeps what was found", async (_, happen) => {
    const { world, state } = await done();
    happen(world);
    const drifted = await refreshed(state, world);

    const repeated = await session(world).repeat(inputsFor(ESCROW), drifted);

    expect(mendable(drifted)).toEqual([]);
    expect(repeated.drift).toEqual(drifted.drift);
    expect(repeated.conditions).toEqual(drifted.conditions);
    expect(appended(world.journal)).not.toContain("repeated");
  });

  test("keeps what was found in a run that only follows", async () => {
    const { world, state } = await done();
    world.graph.setCode(IPAD.id, `${CODE}-NEW`);
    const drifted = await refreshed(state, world);

    const followed = await session(world, { followOnly: true }).repeat(inputsFor(ESCROW), drifted);

    expect(followed.drift).toEqual(drifted.drift);
  });

  test("never repeats a wipe, whatever became of its secret", async () => {
    const request = { ...WIPE, onDrift: "repeat" } as const;
    const { world, state } = await done(request);
    world.escrow.looks.set(REFERENCE, { kind: "deleted", detail: "at noon" });

    await session(world).repeat(inputsFor(request), await refreshed(state, world));

    expect(appended(world.journal)).not.toContain("repeated");
    expect(posts(world.journal)).toEqual(["bypassActivationLock", "wipe"]);
  });
});

test("a preview's words say since when, and leave out a right that is missing each time", async () => {
  const { world, state } = await done();
  world.escrow.looks.set(REFERENCE, { kind: "notAllowed", why: "no right" });
  const silent = await refreshed(state, world);
  world.escrow.looks.set(REFERENCE, { kind: "there", expiresAt: "2026-11-21T00:00:00Z" });

  expect(driftWarnings(silent, { onDrift: "report", steps: ESCROW.steps })).toEqual([]);
  expect(driftWarnings(await refreshed(state, world), { onDrift: "report", steps: ESCROW.steps })).toEqual([
    "note: the escrowed bypass code expires at 2026-11-21T00:00:00Z: memory:1 (since 2026-11-20T12:00:00.000Z)",
  ]);
});

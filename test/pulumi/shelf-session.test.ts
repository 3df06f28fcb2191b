import { describe, expect, test } from "@jest/globals";
import { LedgerError } from "../../providers/domain/errors.ts";
import type { ManagedDevice } from "../../providers/domain/managed-device.ts";
import type { LifecycleRequest } from "../../providers/domain/request.ts";
import { refuseForgotten } from "../../providers/pulumi/provider/forgotten.ts";
import { Session } from "../../providers/pulumi/provider/session.ts";
import { ShelfSession } from "../../providers/pulumi/provider/shelf-session.ts";
import { check, diff } from "../../providers/pulumi/shelf-provider.ts";
import { publicOutputsIn, type ShelfInputs, type ShelfOutputs, shelvedKeys } from "../../providers/pulumi/shelf-state.ts";
import type { LifecycleOutputs } from "../../providers/pulumi/state.ts";
import { CODE, World } from "../support/fakes.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { posts } from "../support/fakes-journal.ts";
import { inputsFor, NO_GUARD } from "../support/fakes-pulumi.ts";
import { outcome } from "../support/fakes-records.ts";
import { lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";

const OTHER: ManagedDevice = { ...IPAD, id: "3f2a0000-0000-4000-8000-00000000cafe", serialNumber: "DMPOTHER0001" };
const WIPE = lifecycleRequest(UNLOCK_AND_WIPE);
const KEEP = lifecycleRequest(["escrowBypassCode"], { name: "keep", device: { id: OTHER.id } });

const shelfOf = (world: World, guard = NO_GUARD) => new ShelfSession(world.ports, guard, 30_000);
const inputs = (...keys: readonly string[]): ShelfInputs => ({
  keys: JSON.stringify(Object.fromEntries(keys.map((key) => [key, "edition"]))),
});
const namesIn = (shelf: ShelfOutputs) => publicOutputsIn(shelf).map(({ request }) => request.name);
const publicOf = ({ request, device, outcome, steps, bypassCode, conditions, drift }: LifecycleOutputs) => ({
  request,
  device,
  outcome,
  steps,
  bypassCode,
  conditions,
  drift,
});

/** Two requests that have succeeded, and what their resources have. */
async function done(): Promise<{ readonly world: World; readonly states: readonly LifecycleOutputs[] }> {
  const world = new World();
  world.graph.enrol(OTHER, `${CODE}-OTHER`);
  const perform = (request: LifecycleRequest, device: ManagedDevice) =>
    new Session(world.ports, world.settings(), NO_GUARD).perform(inputsFor(request, device));
  return { world, states: [await perform(WIPE, IPAD), await perform(KEEP, OTHER)] };
}

describe("a shelf is filled", () => {
  test("with the public outputs that the resources had, from the ledger, without a look at Graph", async () => {
    const { world, states } = await done();
    const before = world.journal.length;

    const shelf = await shelfOf(world).fill(inputs("leeds-leaver-0042#1", "keep#1"), null);

    expect(publicOutputsIn(shelf)).toEqual(states.map(publicOf));
    expect(shelf).toMatchObject({ count: 2, keys: inputs("leeds-leaver-0042#1", "keep#1").keys });
    expect(world.journal).toHaveLength(before);
  });

  test("anew with what is on it now; what was found of the others stays", async () => {
    const { world } = await done();
    const both = await shelfOf(world).fill(inputs("leeds-leaver-0042#1", "keep#1"), null);
    world.graph.remove(OTHER.id);
    const looked = await shelfOf(world).look(both);

    const one = await shelfOf(world).fill(inputs("keep#1"), looked);

    expect(publicOutputsIn(one)).toEqual(publicOutputsIn(looked).slice(1));
    expect(publicOutputsIn(one)).toMatchObject([{ drift: [{ kind: "NotKnown" }] }]);
  });

  test("with what was found of those that come from elsewhere, where that is what counts", async () => {
    const { world } = await done();
    const found = { kind: "CameBack", state: "known", about: "device", message: "back", firstSeen: "x", lastSeen: "y" };

    const shelf = await shelfOf(world).fill({ ...inputs("keep#1"), findings: JSON.stringify({ "keep#1": [found] }) }, null);

    expect(publicOutputsIn(shelf)).toMatchObject([{ drift: [found] }]);
    const other = JSON.stringify({ "keep#1": [{ ...found, message: "back again" }] });
    expect(publicOutputsIn(await shelfOf(world).fill({ ...inputs("keep#1"), findings: other }, shelf))).toMatchObject([
      { drift: [{ message: "back again" }] },
    ]);
  });

  test.each(["unknown#1", "keep#2"])("with nothing that the ledger does not have as succeeded: %s", async (key) => {
    const { world } = await done();

    await expect(shelfOf(world).fill(inputs("keep#1", key), null)).rejects.toThrow(LedgerError);
  });

  test("with nothing that has failed", async () => {
    const { world } = await done();
    world.ledger.put(outcome("failed", { key: "keep#1" }));

    await expect(shelfOf(world).fill(inputs("keep#1"), null)).rejects.toThrow("keep#1 as succeeded");
  });

  test("never beside a ledger that lacks what it holds", async () => {
    const shelf = await shelfOf((await done()).world).fill(inputs("keep#1"), null);
    const empty = new World();
    const guard = { ...NO_GUARD, checkKnown: (state: unknown) => refuseForgotten(state, empty.ports.ledger) };

    await expect(shelfOf(empty, guard).fill(inputs(), shelf)).rejects.toThrow(/keep#1 \(no record\)/);
    await expect(shelfOf(empty, guard).look(shelf)).rejects.toThrow(/keep#1 \(no record\)/);
  });

  test("only in the world of its ledger", async () => {
    const { world } = await done();
    const guard = { ...NO_GUARD, checkWorld: async () => Promise.reject(new LedgerError("another world")) };

    await expect(shelfOf(world, guard).fill(inputs("keep#1"), null)).rejects.toThrow("another world");
    await expect(shelfOf(world, guard).look(await shelfOf(world).fill(inputs("keep#1"), null))).rejects.toThrow("another world");
  });
});

describe("a refresh of a shelf", () => {
  test("of devices that are as they were changes nothing, and sends nothing", async () => {
    const { world } = await done();
    const shelf = await shelfOf(world).fill(inputs("leeds-leaver-0042#1", "keep#1"), null);
    const sent = posts(world.journal);

    expect(await shelfOf(world).look(shelf)).toEqual(shelf);
    expect(posts(world.journal)).toEqual(sent);
  });

  test("finds what a refresh of the resource finds", async () => {
    const { world, states } = await done();
    const shelf = await shelfOf(world).fill(inputs("leeds-leaver-0042#1", "keep#1"), null);
    world.graph.setCode(OTHER.id, `${CODE}-NEW`);
    const own = new Session(world.ports, world.settings(), NO_GUARD);

    const looked = await shelfOf(world).look(shelf);

    expect(publicOutputsIn(looked)).toEqual((await Promise.all(states.map((state) => own.refresh(state)))).map(publicOf));
    expect(publicOutputsIn(looked)[1]).toMatchObject({ drift: [{ kind: "BypassCodeChanged", state: "new" }] });
    expect(looked.requests).not.toContain(CODE);
  });
});

describe("a request that comes off a shelf", () => {
  test("is what it was, with what was found of it, and sends nothing", async () => {
    const { world, states } = await done();
    const found = { kind: "LeftIntune", state: "known", about: "device", message: "it left", firstSeen: "x", lastSeen: "y" } as const;
    const sent = posts(world.journal);

    const own = await new Session(world.ports, world.settings(), NO_GUARD).perform({ ...inputsFor(WIPE), findings: [found] });

    expect(own).toMatchObject({ ...states[0], drift: [found], conditions: expect.anything() });
    expect(own.conditions).toContainEqual(expect.objectContaining({ type: "Drifted", reason: "LeftIntune" }));
    expect(posts(world.journal)).toEqual(sent);
  });
});

describe("the provider of shelves", () => {
  test("tells a change by what is to stand there, whatever was found", () => {
    const state = { keys: inputs("keep#1").keys, count: 1, requests: "{}" };

    expect(diff("shelf", state, { ...inputs("keep#1"), findings: "{}" })).toEqual({ changes: false });
    expect(diff("shelf", state, inputs("keep#1", "more#1"))).toEqual({ changes: true });
    expect(diff("shelf", {}, inputs())).toEqual({ changes: true });
    expect(check(undefined, inputs("keep#1"))).toEqual({ inputs: inputs("keep#1"), failures: [] });
  });

  test("reads no state that it did not write", () => {
    expect(() => publicOutputsIn({ requests: '{"a":{"outcome":"succeeded"}}' })).toThrow(TypeError);
    expect(namesIn({ keys: "", count: 0, requests: "no JSON" })).toEqual([]);
    for (const keys of ["no JSON", "[]", '{"a#1":7}']) expect(() => shelvedKeys(keys)).toThrow(TypeError);
  });
});

import { describe, expect, test } from "@jest/globals";
import { LedgerError } from "../../providers/domain/errors.ts";
import type { SettingsRecord } from "../../providers/domain/ledger-record.ts";
import { createGuard } from "../../providers/pulumi/provider/guard.ts";
import { Session } from "../../providers/pulumi/provider/session.ts";
import type { Settings } from "../../providers/pulumi/settings.ts";
import { type CiFacts, settingsRecords } from "../../providers/rules/safety-settings.ts";
import { type RunChanges, World } from "../support/fakes.ts";
import { ANDROID } from "../support/fakes-devices.ts";
import { posts } from "../support/fakes-journal.ts";
import { inputsFor, NO_GUARD, settings, stateFor } from "../support/fakes-pulumi.ts";
import { lifecycleRequest } from "../support/fakes-requests.ts";

const WIPE = lifecycleRequest(["wipe"], { name: "wipe-one", device: { id: ANDROID.id } });
const SYNC = lifecycleRequest(["syncDevice"], { name: "sync-one", device: { id: ANDROID.id } });

/** What one `up` is: a process of its own, with the stack's settings of that day. */
function upOf(
  world: World,
  changes: Partial<Settings> & { readonly readers?: string; readonly ci?: Partial<CiFacts>; readonly run?: RunChanges } = {},
) {
  const { readers = "anna's key", ci, run = {}, ...others } = changes;
  world.ledger.dropLocks();
  const ports = {
    ledger: world.ledger,
    clock: world.clock,
    isLoopbackGraph: false,
    graphOrigin: "https://graph.microsoft.com",
    tokenTenant: async () => null,
    describeReaders: async () => readers,
  };
  const own = settings(others);
  const { maxDestructive, followOnly } = own;
  return new Session(
    world.ports,
    { ...world.settings({ ...run, followOnly }), maxDestructive },
    createGuard(ports, own, async () => (ci === undefined ? null : { run: null, commit: null, ...ci })),
  );
}

const settingsIn = async (world: World): Promise<readonly SettingsRecord["settings"][]> =>
  settingsRecords((await world.ledger.read()).records).map((record) => record.settings);

const sent = (world: World) => posts(world.journal);

async function settledWorld(): Promise<World> {
  const world = new World(ANDROID, null);
  await upOf(world).perform(inputsFor(SYNC, ANDROID));
  return world;
}

describe("a run whose safety settings differ from the last run's", () => {
  test("records the change and destroys nothing, does what destroys nothing, and the next run may", async () => {
    const world = await settledWorld();
    const other = { ...SYNC, name: "sync-two" };
    const changed = upOf(world, { maxDestructive: 500 });

    const held = await changed.perform(inputsFor(WIPE, ANDROID));
    const synced = await changed.perform(inputsFor(other, ANDROID));
    const heldStill = await changed.perform(inputsFor(WIPE, ANDROID));
    const sentThen = sent(world);
    const next = await upOf(world, { maxDestructive: 500 }).perform(inputsFor(WIPE, ANDROID));

    expect(held.outcome).toBe("pending");
    expect(held.conditions[0]?.message).toMatch(
      /maxDestructive: 5 → 500\): this run records that, and destroys, locks and escrows nothing; .*nothing was sent/,
    );
    expect(heldStill.outcome).toBe("pending");
    expect(synced.outcome).toBe("succeeded");
    expect(sentThen).toEqual(["syncDevice", "syncDevice"]);
    expect(next.outcome).not.toBe("failed");
    expect(sent(world)).toEqual(["syncDevice", "syncDevice", "wipe"]);
    expect((await settingsIn(world)).map(({ maxDestructive }) => maxDestructive)).toEqual(["5", "500"]);
  });

  test("is one that did nothing destructive, too: the change counts as seen", async () => {
    const world = await settledWorld();
    await upOf(world, { readers: "the attacker's key" }).perform(inputsFor({ ...SYNC, name: "sync-two" }, ANDROID));

    expect((await settingsIn(world)).map(({ recipients }) => recipients)).toEqual(["anna's key", "the attacker's key"]);
  });

  test("changes back and forth are changes, each", async () => {
    const world = await settledWorld();

    const there = await upOf(world, { protected: ["a*"] }).perform(inputsFor(WIPE, ANDROID));
    const back = await upOf(world).perform(inputsFor(WIPE, ANDROID));

    expect([there.outcome, back.outcome]).toEqual(["pending", "pending"]);
    expect(sent(world)).toEqual(["syncDevice"]);
  });

  test("with followOnly does not make the change old: it comes by itself, between a merge and its run", async () => {
    const world = await settledWorld();
    await upOf(world, { maxDestructive: 500, followOnly: true }).perform(inputsFor(WIPE, ANDROID));

    const merged = await upOf(world, { maxDestructive: 500 }).perform(inputsFor(WIPE, ANDROID));

    expect(merged.conditions[0]?.message).toContain("maxDestructive: 5 → 500");
    expect(sent(world)).toEqual(["syncDevice"]);
  });

  test("locks nobody out either: a mass lock and the limit it needs come in two runs", async () => {
    const world = new World();
    await upOf(world).perform(inputsFor(lifecycleRequest(["syncDevice"], { name: "sync-one" })));
    const lost = lifecycleRequest(["enableLostMode"], { name: "lost-one" });

    const held = await upOf(world, { maxDisruptive: 5_000 }).perform(inputsFor(lost));
    const sentThen = sent(world);
    await upOf(world, { maxDisruptive: 5_000 }).perform(inputsFor(lost));

    expect(held).toMatchObject({ outcome: "pending", conditions: [{ message: expect.stringContaining("maxDisruptive: 50 → 5000") }] });
    expect(sentThen).toEqual(["syncDevice"]);
    expect(sent(world)).toEqual(["syncDevice", "enableLostMode"]);
  });

  test.each<[string, Partial<CiFacts>]>([
    ["another job of its CI run", { run: "run 1, attempt 1", commit: "aaa" }],
    ["its CI run, started again", { run: "run 1, attempt 2", commit: "aaa" }],
    ["another CI run of its commit", { run: "run 2, attempt 1", commit: "aaa" }],
    ["a CI run that cannot tell its commit", { run: "run 2, attempt 1" }],
  ])("is no run before %s, which is held back too; a later commit may", async (_, again) => {
    const world = await settledWorld();
    await upOf(world, { maxDestructive: 500, ci: { run: "run 1, attempt 1", commit: "aaa" } }).perform(inputsFor(SYNC, ANDROID));

    const held = await upOf(world, { maxDestructive: 500, ci: again }).perform(inputsFor(WIPE, ANDROID));
    const sentThen = sent(world);
    await upOf(world, { maxDestructive: 500, ci: { run: "run 3, attempt 1", commit: "bbb" } }).perform(inputsFor(WIPE, ANDROID));

    expect(held).toMatchObject({
      outcome: "pending",
      conditions: [{ message: expect.stringContaining("changed by commit aaa, run 1, attempt 1") }],
    });
    expect(sentThen).toEqual(["syncDevice"]);
    expect(sent(world)).toEqual(["syncDevice", "wipe"]);
  });

  test("in CI does not hold back a person who runs up elsewhere", async () => {
    const world = await settledWorld();
    await upOf(world, { maxDestructive: 500, ci: { commit: "aaa" } }).perform(inputsFor(SYNC, ANDROID));

    await upOf(world, { maxDestructive: 500 }).perform(inputsFor(WIPE, ANDROID));

    expect(sent(world)).toEqual(["syncDevice", "wipe"]);
  });

  test("whose record could not be written stays broken: asked again, the ledger might show it", async () => {
    const world = await settledWorld();
    const append = world.ledger.append.bind(world.ledger);
    world.ledger.append = async (record) => {
      await append(record);
      throw new LedgerError("the disk is gone");
    };
    const up = upOf(world, { maxDestructive: 500 });

    await expect(up.perform(inputsFor(WIPE, ANDROID))).rejects.toThrow("the disk is gone");
    world.ledger.append = append;
    await expect(up.perform(inputsFor(WIPE, ANDROID))).rejects.toThrow("the disk is gone");

    expect(sent(world)).toEqual(["syncDevice"]);
  });

  test("is held back before its first step: no code is read, nothing is begun", async () => {
    const world = new World();
    await upOf(world).perform(inputsFor(lifecycleRequest(["syncDevice"], { name: "sync-one" })));
    const reads = world.journal.length;

    const held = await upOf(world, { escrow: "file:other" }).perform(inputsFor(lifecycleRequest(["escrowBypassCode", "wipe"])));

    expect(held).toMatchObject({ outcome: "pending", bypassCode: null });
    expect(world.journal.slice(reads).map((entry) => (entry.kind === "append" ? entry.record.kind : entry.kind))).toEqual(["outcome"]);
  });
});

test("the first run of a ledger records its settings and goes on", async () => {
  const world = new World(ANDROID, null);

  await upOf(world).perform(inputsFor(WIPE, ANDROID));

  expect(sent(world)).toEqual(["wipe"]);
  expect(await settingsIn(world)).toHaveLength(1);
});

describe("a resource that state knows and the ledger does not", () => {
  test("is refused: the ledger is not the one it was done with", async () => {
    const world = new World(ANDROID, null);

    const update = upOf(world).repeat(inputsFor(WIPE, ANDROID), stateFor(WIPE, "pending", ANDROID));

    await expect(update).rejects.toThrow(/state holds: wipe-one#1 \(no record\); nothing was sent/);
    expect(sent(world)).toEqual([]);
  });

  test("is refused where the ledger is a copy of the moment before its call: the wipe would be sent again", async () => {
    const world = new World(ANDROID, null);
    const first = await upOf(world).perform(inputsFor(WIPE, ANDROID));
    const older = new World(ANDROID, null);
    const records = (await world.ledger.read()).records;
    older.ledger.put(
      ...records.slice(
        0,
        records.findIndex(({ kind }) => kind === "intent"),
      ),
    );

    const update = upOf(older).repeat(inputsFor(WIPE, ANDROID), { ...first, outcome: "pending" });

    await expect(update).rejects.toThrow(/wipe-one#1 \(no record of its call call-\d+\)/);
    expect(sent(older)).toEqual([]);
  });

  test("is refused in its next generation too", async () => {
    const world = new World(ANDROID, null);

    const update = upOf(world).repeat(inputsFor({ ...WIPE, generation: 2 }, ANDROID), stateFor(WIPE, "succeeded", ANDROID));

    await expect(update).rejects.toThrow(LedgerError);
    expect(sent(world)).toEqual([]);
  });

  test("goes on where the ledger knows it, and against a double in any case", async () => {
    const world = await settledWorld();
    const known = await upOf(world).repeat(inputsFor(SYNC, ANDROID), stateFor(SYNC, "pending", ANDROID));
    const double = await new Session(world.ports, world.settings(), NO_GUARD).repeat(
      inputsFor(WIPE, ANDROID),
      stateFor(WIPE, "pending", ANDROID),
    );

    expect(known.outcome).toBe("succeeded");
    expect(double.outcome).not.toBe("failed");
  });
});

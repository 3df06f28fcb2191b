import { describe, expect, test } from "@jest/globals";
import { ConfigurationError, GraphReadError } from "../../providers/domain/errors.ts";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import { deviceReference } from "../../providers/domain/plan.ts";
import { DOUBLE } from "../../providers/domain/world.ts";
import { doubtAbsence } from "../../providers/pulumi/doubt-absence.ts";
import { joinLedger, meetLedger, type WorldPorts } from "../../providers/pulumi/meet-world.ts";
import { createGuard } from "../../providers/pulumi/provider/guard.ts";
import { Session } from "../../providers/pulumi/provider/session.ts";
import type { Settings } from "../../providers/pulumi/settings.ts";
import { World } from "../support/fakes.ts";
import { ANDROID } from "../support/fakes-devices.ts";
import { appended, posts } from "../support/fakes-journal.ts";
import { inputsFor, settings, stateFor } from "../support/fakes-pulumi.ts";
import { AT } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";

const GRAPH = "https://graph.microsoft.com";
const A = "aaaaaaaa-0000-4000-8000-00000000000a";
const B = "bbbbbbbb-0000-4000-8000-00000000000b";
const WIPE = lifecycleRequest(["wipe"], { name: "wipe-one", device: { id: ANDROID.id } });
const SYNC = lifecycleRequest(["syncDevice"], { name: "sync-one", device: { id: ANDROID.id } });

interface Run {
  readonly graph?: string;
  /** Of the token; null where it cannot be read. */
  readonly token?: string | null;
  readonly settings?: Partial<Settings>;
  /** How long it follows what is pending. */
  readonly waitMs?: number;
}

function portsOf(world: World, { graph = GRAPH, token = A }: Run) {
  return {
    ledger: world.ledger,
    clock: world.clock,
    isLoopbackGraph: graph === DOUBLE,
    graphOrigin: graph === DOUBLE ? "http://127.0.0.1:8787" : graph,
    tokenTenant: async () => token,
    describeReaders: async () => "anna's key",
  };
}

/** A provider process, which no program came before. */
function process(world: World, run: Run = {}): Session {
  world.ledger.dropLocks();
  const guard = createGuard(portsOf(world, run), settings(run.settings), async () => null);
  const { graph } = world;
  const directory = {
    resolveEach: graph.resolveEach.bind(graph),
    observe: graph.observe.bind(graph),
    lookClosely: graph.lookClosely.bind(graph),
    lookForGone: graph.lookForGone.bind(graph),
    readBypassCode: graph.readBypassCode.bind(graph),
  };
  return new Session(
    { ...world.ports, directory: doubtAbsence(directory, guard.doubt) },
    world.settings({ waitMs: run.waitMs ?? 120_000 }),
    guard,
  );
}

const worldsIn = async (world: World) =>
  (await world.ledger.read()).records.flatMap((record) => (record.kind === "world" ? [[record.graph, record.tenant]] : []));

/**
 * A device that a double wiped, in its own ledger; the answer of the device is still to come where
 * `outcome` is pending.
 */
async function wipedByDouble(outcome: "succeeded" | "pending"): Promise<World> {
  const world = new World(ANDROID, null);
  const waitMs = outcome === "pending" ? 0 : 120_000;
  const outputs = await process(world, { graph: DOUBLE, token: null, waitMs }).perform(inputsFor(WIPE, ANDROID));
  expect(outputs.outcome).toBe(outcome);
  return world;
}

describe("the process that sends, with a ledger of its world", () => {
  test("has it say so before anything else of the request is recorded, and once", async () => {
    const world = new World(ANDROID, null);

    await process(world).perform(inputsFor(WIPE, ANDROID));
    await process(world).perform(inputsFor(SYNC, ANDROID));

    const { records } = await world.ledger.read();
    expect(records.findIndex(({ kind }) => kind === "world")).toBeLessThan(records.findIndex(({ kind }) => kind === "begun"));
    expect(await worldsIn(world)).toEqual([[GRAPH, A]]);
  });

  test("adds the tenant as soon as one can be told, whatever the port of a double is by then", async () => {
    const world = new World(ANDROID, null);

    await process(world, { graph: DOUBLE, token: null }).perform(inputsFor(SYNC, ANDROID));
    await process(world, { graph: DOUBLE, token: B }).perform(inputsFor(WIPE, ANDROID));

    expect(await worldsIn(world)).toEqual([
      [DOUBLE, null],
      [DOUBLE, B],
    ]);
    expect(posts(world.journal)).toEqual(["syncDevice", "wipe"]);
  });
});

describe("the process that sends, with a ledger of another world", () => {
  const ELSEWHERE: readonly (readonly [string, Run])[] = [
    ["another Graph", {}],
    ["another tenant, by the token", { graph: DOUBLE, token: B }],
    ["another tenant, by the setting", { graph: DOUBLE, token: null, settings: { tenant: B } }],
  ];

  test.each(ELSEWHERE)("concludes nothing for %s: neither what was done there nor what is pending there", async (_, run) => {
    for (const outcome of ["succeeded", "pending"] as const) {
      const world = await wipedByDouble(outcome);
      world.ledger.put({ kind: "world", at: AT, graph: DOUBLE, tenant: A });
      const before = [...world.journal];
      world.graph.remove(ANDROID.id);

      const state = stateFor(WIPE, outcome, ANDROID);
      const elsewhere = process(world, run);
      const attempts = [
        () => elsewhere.perform(inputsFor(WIPE, ANDROID)),
        () => elsewhere.repeat(inputsFor(WIPE, ANDROID), state),
        () => elsewhere.refresh(state),
        () => elsewhere.remember(inputsFor(WIPE, ANDROID), "it broke"),
      ];

      for (const attempt of attempts)
        await expect(attempt()).rejects.toThrow(/is of a double of Graph .*, and this run is of .*; nothing was sent/);
      expect(world.journal).toEqual(before);
    }
  });

  test("does not ask for a token where Graph's address tells already", async () => {
    const world = await wipedByDouble("succeeded");
    const ports: WorldPorts = { ...portsOf(world, {}), tokenTenant: () => Promise.reject(new TypeError("a token was asked for")) };

    await expect(meetLedger((await world.ledger.read()).records, ports, settings())).rejects.toThrow(ConfigurationError);
  });
});

describe("where token and setting do not tell the ledger's tenant", () => {
  const unread: Run = { token: null };

  test("what destroys data is held, and what does not goes on", async () => {
    const world = new World(ANDROID, null);
    world.ledger.put({ kind: "world", at: AT, graph: GRAPH, tenant: A });

    const held = await process(world, unread).perform(inputsFor(WIPE, ANDROID));
    const synced = await process(world, unread).perform(inputsFor(SYNC, ANDROID));
    const told = await process(world, { ...unread, settings: { tenant: A } }).perform(inputsFor({ ...SYNC, name: "sync-two" }, ANDROID));

    expect(held).toMatchObject({
      outcome: "pending",
      conditions: [{ reason: "Held", message: expect.stringMatching(/tenant cannot be told.*:tenant is set/) }],
    });
    expect([synced.outcome, told.outcome]).toEqual(["succeeded", "succeeded"]);
    expect(posts(world.journal)).toEqual(["syncDevice", "syncDevice"]);
  });

  test("a device that is not there proves nothing: a pending wipe has not taken it away", async () => {
    const world = new World(ANDROID, null);
    const pending = await process(world, { waitMs: 0 }).perform(inputsFor(WIPE, ANDROID));
    world.graph.remove(ANDROID.id);

    const doubted = await process(world, unread).perform(inputsFor(WIPE, ANDROID));
    const refresh = () => process(world, unread).refresh(stateFor(WIPE, "succeeded", ANDROID));

    expect(pending.outcome).toBe("pending");
    expect(doubted).toMatchObject({ outcome: "pending", conditions: [{ reason: "GraphNotReadable" }] });
    await expect(refresh()).rejects.toThrow(GraphReadError);
    expect(appended(world.journal)).not.toContain("finished");
    expect((await process(world).perform(inputsFor(WIPE, ANDROID))).outcome).toBe("succeeded");
  });

  test("a device that is there is the one: its id is in no other tenant", async () => {
    const world = new World(ANDROID, null);
    const directory = doubtAbsence({ ...world.ports.directory, observe: async () => ANDROID }, async () => "who knows");

    expect(await directory.observe(deviceReference(jobOf(WIPE).plan))).toBe(ANDROID);
  });
});

describe("a run that has nothing to do", () => {
  const ledger = (tenant: string | null): LedgerRecord[] => [{ kind: "world", at: AT, graph: GRAPH, tenant }];

  test.each([
    ["the setting tells", A, A, 0],
    ["there is nothing to compare", null, undefined, 0],
    ["nothing else tells", A, undefined, 1],
  ])("asks for a token only where it has to: %s", async (_, known, setting, expected) => {
    let asked = 0;
    const tokenTenant = async () => {
      asked++;
      return A;
    };

    const ports = { ...portsOf(new World(), {}), tokenTenant };
    const met = await meetLedger(ledger(known), ports, settings({ tenant: setting }), false);
    await joinLedger(met, ports, settings({ tenant: setting }), false);

    expect(asked).toBe(expected);
  });
});

test("of two runs that begin at once on a new ledger, the one whose word came second is refused", async () => {
  const world = new World(ANDROID, null);
  const records = (await world.ledger.read()).records;
  const [real, double] = [portsOf(world, {}), portsOf(world, { graph: DOUBLE, token: null })];
  const [first, second] = [await meetLedger(records, real, settings()), await meetLedger(records, double, settings())];

  await joinLedger(first, real, settings());

  await expect(joinLedger(second, double, settings())).rejects.toThrow(/is of https:\/\/graph\.microsoft\.com.*this run is of a double/);
});

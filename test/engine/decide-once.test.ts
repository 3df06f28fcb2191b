import { describe, expect, test } from "@jest/globals";
import { PROVENANCE, World } from "../support/fakes.ts";
import { ANDROID, IPAD } from "../support/fakes-devices.ts";
import { LOST_BEFORE } from "../support/fakes-graph.ts";
import { appended, order, posts } from "../support/fakes-journal.ts";
import { begun } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";

const WIPE = jobOf(lifecycleRequest(["wipe"]), ANDROID);
const UNLOCK = jobOf(lifecycleRequest(UNLOCK_AND_WIPE));

describe("a doubt that comes again", () => {
  test("is told again: settled as not taken, sent, and lost once more, it can be settled once more", async () => {
    const world = new World(ANDROID, null);
    world.graph.answer("wipe", LOST_BEFORE, LOST_BEFORE);
    const first = await world.run(WIPE);
    await world.settle(WIPE, "not-taken");

    const second = await world.run(WIPE);

    expect([first.outcome, second.outcome]).toEqual(["ambiguous", "ambiguous"]);
    expect(appended(world.journal).at(-1)).toBe("outcome");
    expect(await world.settle(WIPE, "not-taken")).toBe(true);
    expect((await world.run(WIPE)).outcome).toBe("succeeded");
    expect(posts(world.journal)).toEqual(["wipe", "wipe", "wipe"]);
  });

  test("an outcome that still stands is not written twice", async () => {
    const world = new World(ANDROID, null);
    world.graph.answer("wipe", LOST_BEFORE);
    await world.run(WIPE);
    const length = world.journal.length;

    await world.run(WIPE);

    expect(world.journal.length).toBe(length);
  });
});

describe("a bypass code that is too short for a fingerprint", () => {
  test("is escrowed once for each read, and the run comes to its end", async () => {
    const world = new World(IPAD, "4K7Q1");

    const report = await world.run(UNLOCK);

    expect(report).toMatchObject({ outcome: "succeeded", bypassCode: { fingerprint: null } });
    expect(order(world.journal).filter((entry) => entry === "escrow")).toHaveLength(2);
  });
});

describe("what was reviewed of the device", () => {
  test("a device that got a protected user since the program looked is not wiped", async () => {
    const world = new World();
    world.graph.change(IPAD.id, { userPrincipalName: "ceo@contoso.example" });

    const report = await world.run(UNLOCK, { protected: ["ceo@*"] });

    expect(report).toMatchObject({ outcome: "failed", reason: "Protected", message: expect.stringContaining('"ceo@*"') });
    expect(order(world.journal)).toEqual(["outcome"]);
  });

  test("one that got it after its first step is not wiped either", async () => {
    const world = new World();
    const send = world.graph.send.bind(world.graph);
    world.graph.send = async (call) => {
      const result = await send(call);
      world.graph.change(IPAD.id, { userPrincipalName: "ceo@contoso.example" });
      return result;
    };

    const report = await world.run(UNLOCK, { protected: ["ceo@*"] });

    expect(report).toMatchObject({ outcome: "failed", reason: "Protected" });
    expect(posts(world.journal)).toEqual(["bypassActivationLock"]);
  });

  test("what destroys nothing is done on a protected device", async () => {
    const world = new World();

    expect(await world.run(jobOf(lifecycleRequest(["syncDevice"])), { protected: ["*"] })).toMatchObject({ outcome: "succeeded" });
  });

  test("an id that leads to another serial number now leads to nobody", async () => {
    const world = new World();
    world.ledger.put(begun(UNLOCK.plan));
    world.graph.change(IPAD.id, { serialNumber: "SOMEBODY-ELSE" });

    const report = await world.run(UNLOCK);

    expect(report).toMatchObject({ outcome: "failed", reason: "AnotherDevice", message: expect.stringContaining("SOMEBODY-ELSE") });
    expect(posts(world.journal)).toEqual([]);
  });

  test("the same serial number in another spelling is the same", async () => {
    const world = new World();
    world.graph.change(IPAD.id, { serialNumber: " dmpxk2 abcdef" });

    expect(await world.run(UNLOCK)).toMatchObject({ outcome: "succeeded" });
  });
});

describe("the record of a request", () => {
  const recordsOf = async (world: World) => (await world.ledger.recordsOf(UNLOCK.plan.key)).filter((record) => "why" in record);

  test("says why it was begun, where that stands, and which run did it", async () => {
    const world = new World();

    await world.run(UNLOCK);

    expect(await recordsOf(world)).toMatchObject([
      {
        kind: "begun",
        why: { reason: "Leaver returned the iPad", ticket: "INC-4711", source: "devices/requests/a.yaml:2", ...PROVENANCE },
      },
    ]);
  });

  test("keeps a later edit of reason or ticket, once", async () => {
    const world = new World();
    world.graph.checkInMs = 600_000;
    await world.run(UNLOCK, { waitMs: 0 });
    const edited = { ...UNLOCK, reason: "Lost by the courier", terms: { ...UNLOCK.terms, ticket: "INC-9" } };

    await world.run(edited, { waitMs: 0 });
    await world.run(edited, { waitMs: 0 });

    expect((await recordsOf(world)).map(({ kind }) => kind)).toEqual(["begun", "edited"]);
    expect((await recordsOf(world)).at(-1)).toMatchObject({ why: { reason: "Lost by the courier", ticket: "INC-9" } });
  });

  test("of a ledger that never said why gets no edit out of nothing", async () => {
    const world = new World();
    world.ledger.put(begun(UNLOCK.plan));

    await world.run(UNLOCK);

    expect(appended(world.journal)).not.toContain("edited");
  });
});

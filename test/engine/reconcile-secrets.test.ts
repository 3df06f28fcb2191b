import { describe, expect, test } from "@jest/globals";
import { EscrowError } from "../../providers/domain/errors.ts";
import { reconcile } from "../../providers/engine/reconcile.ts";
import { CODE, World } from "../support/fakes.ts";
import { ANDROID, IPAD, MAC, UNSUPERVISED_IPAD } from "../support/fakes-devices.ts";
import { APPROVAL_REQUIRED } from "../support/fakes-graph.ts";
import { order, posts } from "../support/fakes-journal.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { leaksIn } from "../support/secrets.ts";

const UNLOCK = jobOf(lifecycleRequest(UNLOCK_AND_WIPE));

describe("the bypass code", () => {
  test("that changed between the read and the wipe is escrowed too, before the wipe", async () => {
    const world = new World();
    const send = world.graph.send.bind(world.graph);
    world.graph.send = async (call) => {
      if (call.action.name === "bypassActivationLock") world.graph.setCode(IPAD.id, `${CODE}-NEW`);
      return send(call);
    };

    const report = await world.run(UNLOCK);

    const escrows = world.journal.flatMap((entry) => (entry.kind === "escrow" ? [entry.value] : []));
    expect(escrows).toEqual([CODE, `${CODE}-NEW`]);
    expect(order(world.journal).lastIndexOf("escrow")).toBeLessThan(order(world.journal).indexOf("POST wipe"));
    expect(report.bypassCode?.reference).toBe("memory:2");
  });

  test("that Intune does not have stops the request, and nothing is begun", async () => {
    const world = new World(IPAD, null);

    const report = await world.run(UNLOCK);

    expect(report).toMatchObject({ outcome: "failed", reason: "NoBypassCode" });
    expect(order(world.journal)).toEqual(["readCode", "outcome"]);
  });

  test("that Intune does not have is no obstacle to who said so", async () => {
    const world = new World(IPAD, null);
    const acknowledged = jobOf(lifecycleRequest(UNLOCK_AND_WIPE, { acknowledge: ["dataLoss", "physicalPossession", "noBypassCode"] }));
    await world.run(UNLOCK);

    const report = await world.run(acknowledged);

    expect(report).toMatchObject({ outcome: "succeeded", bypassCode: null });
    expect(posts(world.journal)).toEqual(["bypassActivationLock", "wipe"]);
    expect(report.steps[0]).toMatchObject({ status: "done", detail: expect.stringContaining("acknowledged") });
  });

  test("that is gone after it was escrowed keeps its reference, and the wipe goes on", async () => {
    const world = new World();
    world.graph.answer("bypassActivationLock", { answer: "throttled", takes: false });
    await world.run(UNLOCK);
    world.graph.setCode(IPAD.id, null);

    const report = await world.run(UNLOCK);

    expect(report).toMatchObject({ outcome: "succeeded", bypassCode: { reference: "memory:1" } });
  });

  test("is read again after a wait: what is minutes old is not fresh", async () => {
    const world = new World();
    world.graph.checkInMs = 60_000;
    const job = jobOf(lifecycleRequest(["remoteLock", "escrowBypassCode", "waitFor", "wipe"]));

    await world.run(job);

    const events = order(world.journal);
    expect(events.slice(events.lastIndexOf("readCode"), events.indexOf("POST wipe"))).toEqual(["readCode", "intent"]);
    expect(events.filter((event) => event === "readCode")).toHaveLength(2);
  });

  test("that cannot be put into escrow stops everything; the next run goes on", async () => {
    const world = new World();
    world.escrow.isDown = true;

    await expect(world.run(UNLOCK)).rejects.toThrow(EscrowError);
    expect(posts(world.journal)).toEqual([]);

    world.escrow.isDown = false;
    expect(await world.run(UNLOCK)).toMatchObject({ outcome: "succeeded" });
    expect(posts(world.journal)).toEqual(["bypassActivationLock", "wipe"]);
  });

  test("of a device that cannot have one is only asked for with the last look", async () => {
    const world = new World(UNSUPERVISED_IPAD, null);

    const report = await world.run(jobOf(lifecycleRequest(["escrowBypassCode", "wipe"]), UNSUPERVISED_IPAD));

    expect(report).toMatchObject({ outcome: "succeeded", bypassCode: null });
    expect(order(world.journal).slice(0, 5)).toEqual(["begun", "finished", "readCode", "intent", "POST wipe"]);
    expect(order(world.journal)).not.toContain("escrow");
  });
});

describe("other secrets", () => {
  test("the PIN of a Mac's wipe is in escrow before it is sent, and in no record", async () => {
    const world = new World(MAC);

    const report = await world.run(jobOf(lifecycleRequest(["escrowBypassCode", "wipe"]), MAC));

    const events = order(world.journal);
    const pin = world.journal.findIndex((entry) => entry.kind === "escrow" && entry.secret === "macOsUnlockCode");
    expect(pin).toBeGreaterThan(-1);
    expect(pin).toBeLessThan(events.indexOf("POST wipe"));
    expect(report.steps[1]?.detail).toContain("macOsUnlockCode escrowed as memory:2");
    expect(leaksIn(JSON.stringify(await world.ledger.read()), ["031337"])).toEqual([]);
  });

  describe("a Mac's wipe that another administrator has to approve", () => {
    const job = jobOf(lifecycleRequest(["escrowBypassCode", "wipe"]), MAC);

    test("is sent again with the PIN that was approved, where escrow can give it back", async () => {
      const world = new World(MAC);
      world.escrow.letReadBack();
      world.graph.answer("wipe", APPROVAL_REQUIRED);
      const pins = new Set<string | undefined>();
      const send = world.graph.send.bind(world.graph);
      world.graph.send = (call) => {
        pins.add(call.secretParameters?.macOsUnlockCode?.reveal());
        return send(call);
      };
      const digits = ["031337", "424242"];
      const ports = { ...world.ports, pin: () => digits.shift() ?? "999999" };

      const asked = await reconcile(job, ports, world.settings());
      const approved = await reconcile(job, ports, world.settings());

      expect([asked.outcome, approved.outcome]).toEqual(["awaitingApproval", "succeeded"]);
      expect(posts(world.journal)).toEqual(["wipe", "wipe"]);
      expect([...pins]).toEqual(["031337"]);
    });

    test("is not sent at all, once it is known that approval is asked, where escrow cannot", async () => {
      const world = new World(MAC);
      world.graph.answer("wipe", APPROVAL_REQUIRED);
      const asked = await world.run(job);
      const other = { ...MAC, id: "another-mac", serialNumber: "MAC2" };
      world.graph.enrol(other, "OTHER-CODE-12345");
      const before = world.journal.length;

      const next = await world.run(
        jobOf(lifecycleRequest(["escrowBypassCode", "wipe"], { name: "other", device: { id: other.id } }), other),
      );

      expect(asked).toMatchObject({ outcome: "failed", message: expect.stringContaining("the PIN that went with it is in escrow") });
      expect(next).toMatchObject({ outcome: "failed", reason: "SecretNotResendable", message: expect.stringContaining("Key Vault") });
      expect(order(world.journal.slice(before))).toEqual(["outcome"]);
    });

    test("is sent again once a wipe was taken without being asked for approval", async () => {
      const world = new World(MAC);
      world.graph.answer("wipe", APPROVAL_REQUIRED);
      await world.run(job);
      world.graph.enrol(ANDROID);
      await world.run(jobOf(lifecycleRequest(["wipe"], { name: "phone", device: { id: ANDROID.id } }), ANDROID));
      const other = { ...MAC, id: "another-mac", serialNumber: "MAC2" };
      world.graph.enrol(other, "OTHER-CODE-12345");

      const next = await world.run(
        jobOf(lifecycleRequest(["escrowBypassCode", "wipe"], { name: "other", device: { id: other.id } }), other),
      );

      expect(next.outcome).toBe("succeeded");
    });
  });

  test("the passcode that Graph hands back goes to escrow before the step ends, and in no record", async () => {
    const world = new World(ANDROID, null);

    const report = await world.run(jobOf(lifecycleRequest(["resetPasscode"]), ANDROID));

    expect(report.steps[0]?.detail).toContain("passcode escrowed as memory:1");
    const events = order(world.journal);
    expect(events.indexOf("escrow")).toBeLessThan(events.indexOf("finished"));
    expect(leaksIn(JSON.stringify(await world.ledger.read()), ["84211973"])).toEqual([]);
    expect(world.journal).toContainEqual(
      expect.objectContaining({ kind: "append", record: expect.objectContaining({ fingerprint: null }) }),
    );
  });

  test("a passcode that escrow refuses leaves the step open, to be fetched by the next run", async () => {
    const world = new World(ANDROID, null);
    const job = jobOf(lifecycleRequest(["resetPasscode"]), ANDROID);
    world.escrow.isDown = true;
    await expect(world.run(job)).rejects.toThrow(EscrowError);
    world.escrow.isDown = false;

    const report = await world.run(job);

    expect(report).toMatchObject({ outcome: "succeeded" });
    expect(report.steps[0]?.detail).toContain("passcode escrowed as");
    expect(posts(world.journal)).toEqual(["resetPasscode"]);
  });
});

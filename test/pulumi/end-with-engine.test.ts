import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { reconcile } from "../../providers/engine/reconcile.ts";
import { endWithEngine } from "../../providers/pulumi/provider/end-with-engine.ts";
import { ProcessEnd } from "../../providers/pulumi/provider/process-end.ts";
import { World } from "../support/fakes.ts";
import { posts } from "../support/fakes-journal.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";

const UNLOCK = jobOf(lifecycleRequest(UNLOCK_AND_WIPE));

describe("a provider whose engine is gone", () => {
  let exit: jest.SpiedFunction<typeof process.exit>;

  beforeEach(() => {
    exit = jest.spyOn(process, "exit").mockImplementation((): never => undefined as never);
  });

  afterEach(() => {
    exit.mockRestore();
  });

  function ending(world: World, lives = async () => true) {
    const { clock, ...settings } = world.settings();
    const halt = endWithEngine(world.ports, clock, lives, new ProcessEnd());
    return { ...halt, settings: { ...settings, clock: halt.clock } };
  }

  test("ends at once while it does nothing", () => {
    ending(new World()).engineIsGone();

    expect(exit).toHaveBeenCalledWith(1);
  });

  test("has no time left and the brake on, whatever the run's clock and the ledger say", async () => {
    const world = new World();
    const { ports, settings, engineIsGone } = ending(world);
    settings.clock.start();
    const before = [settings.clock.timeLeft(), await ports.ledger.brake("a")];

    engineIsGone();

    expect(before).toEqual([120_000, null]);
    expect(settings.clock.timeLeft()).toBe(0);
    expect(await ports.ledger.brake("a")).toMatch(/engine of this run is gone/);
    expect(await world.ledger.brake()).toBeNull();
  });

  test("that was interrupted sends nothing more, follows what was sent, and does not end by itself", async () => {
    const world = new World();
    const { ports, settings, interrupt } = ending(world);
    const send = world.graph.send.bind(world.graph);
    world.graph.send = async (call) => {
      interrupt();
      return send(call);
    };

    const report = await reconcile(UNLOCK, ports, settings);
    const late = await reconcile(jobOf(lifecycleRequest(["syncDevice"], { name: "late" })), ports, settings);

    expect(posts(world.journal)).toEqual(["bypassActivationLock"]);
    expect(report).toMatchObject({
      outcome: "pending",
      message: expect.stringContaining("this run was interrupted; nothing more was sent in it"),
    });
    expect(late).toMatchObject({
      outcome: "pending",
      message: "this run was interrupted; nothing more was sent in it; run up again to go on",
    });
    expect(report.message).not.toContain("resume");
    expect(settings.clock.timeLeft()).toBeGreaterThan(0);
    expect(exit).not.toHaveBeenCalled();
    expect(await world.ledger.brake()).toBeNull();
  });

  test("has the ledger's brake while the engine lives", async () => {
    const world = new World();
    world.ledger.setBrake("wrong devices");

    expect(await ending(world).ports.ledger.brake("a")).toBe("wrong devices");
  });

  test("finishes and records what is under way, sends nothing more, waits for nothing, then ends", async () => {
    const world = new World();
    const { ports, settings, engineIsGone } = ending(world);
    const send = world.graph.send.bind(world.graph);
    world.graph.send = async (call) => {
      engineIsGone();
      expect(exit).not.toHaveBeenCalled();
      return send(call);
    };

    const report = await reconcile(UNLOCK, ports, settings);

    expect(report).toMatchObject({ outcome: "pending", reason: "Brake" });
    expect(posts(world.journal)).toEqual(["bypassActivationLock"]);
    expect(report.steps[1]).toMatchObject({ status: "sent" });
    expect(world.clock.slept).toEqual([]);
    expect(exit).toHaveBeenCalledTimes(1);
  });

  test("that nobody has noticed yet sends nothing: it is looked at right before each call", async () => {
    const world = new World();
    let isDead = false;
    const { ports, settings } = ending(world, async () => !isDead);
    const send = world.graph.send.bind(world.graph);
    world.graph.send = async (call) => {
      // After everything else was asked, and the intent is in the ledger.
      isDead = call.action.name === "wipe";
      const reason = await call.holdBack();
      return reason === null ? send(call) : { kind: "throttled", detail: `not sent: ${reason}`, requestId: null };
    };

    const report = await reconcile(UNLOCK, ports, settings);

    expect(posts(world.journal)).toEqual(["bypassActivationLock"]);
    expect(report).toMatchObject({ outcome: "pending", message: expect.stringContaining("engine of this run is gone") });
    expect(exit).toHaveBeenCalledTimes(1);
  });

  test("is looked at after the ledger's brake, which may take its time", async () => {
    const world = new World();
    let isDead = false;
    const { ports } = ending(world, async () => !isDead);
    world.ledger.brake = async () => {
      isDead = true;
      return null;
    };

    expect(await ports.ledger.brake("a")).toMatch(/engine of this run is gone/);
  });

  test("does not end while another device is worked on", async () => {
    const { ports, engineIsGone } = ending(new World());
    const gate = Promise.withResolvers<void>();
    const first = ports.ledger.withDevice("a", () => gate.promise);

    await ports.ledger.withDevice("b", async () => engineIsGone());
    const before = exit.mock.calls.length;
    gate.resolve();
    await first;

    expect(before).toBe(0);
    expect(exit).toHaveBeenCalledTimes(1);
  });

  test("ends after work that fails, too", async () => {
    const { ports, engineIsGone } = ending(new World());

    const work = ports.ledger.withDevice("a", async () => {
      engineIsGone();
      throw new TypeError("broken");
    });

    await expect(work).rejects.toThrow("broken");
    expect(exit).toHaveBeenCalledTimes(1);
  });

  test("before that lets everything through", async () => {
    const world = new World();
    const { ports, settings } = ending(world);

    expect(await reconcile(UNLOCK, ports, settings)).toMatchObject({ outcome: "succeeded" });
    expect(await ports.ledger.read()).toEqual(await world.ledger.read());
    expect((await ports.ledger.facts()).destructiveIntents(UNLOCK.plan.device)).toHaveLength(1);
    expect(exit).not.toHaveBeenCalled();
  });
});

import { describe, expect, test } from "@jest/globals";
import { GraphReadError } from "../../providers/domain/errors.ts";
import { CODE, World } from "../support/fakes.ts";
import { ANDROID, actionResult, IPAD } from "../support/fakes-devices.ts";
import { appended, order, posts } from "../support/fakes-journal.ts";
import { begun, escrowed, finished, repeated } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { leaksIn } from "../support/secrets.ts";

const UNLOCK = jobOf(lifecycleRequest(UNLOCK_AND_WIPE));

describe("unlock and wipe", () => {
  test("goes in one order: read, escrow, bypass, read again, wipe; each intent before its call", async () => {
    const world = new World();

    const report = await world.run(UNLOCK);

    expect(report.outcome).toBe("succeeded");
    expect(order(world.journal)).toEqual([
      "readCode",
      "begun",
      "escrow",
      "escrowed",
      "finished",
      "intent",
      "POST bypassActivationLock",
      "result",
      "readCode",
      "intent",
      "POST wipe",
      "result",
      "finished",
      "finished",
      "outcome",
    ]);
  });

  test("reports every step, the reference and why", async () => {
    const world = new World();

    const report = await world.run(UNLOCK);

    expect(report).toMatchObject({ outcome: "succeeded", reason: "Finished", device: { id: IPAD.id, deviceName: IPAD.deviceName } });
    expect(report.steps.map(({ action, status }) => `${action} ${status}`)).toEqual([
      "escrowBypassCode done",
      "bypassActivationLock done",
      "wipe done",
    ]);
    expect(report.bypassCode).toEqual({ reference: "memory:1", fingerprint: expect.any(String), capturedAt: expect.any(String) });
    expect(report.conditions.map(({ type, status }) => [type, status])).toEqual(
      expect.arrayContaining([
        ["Finished", "True"],
        ["BypassCodeEscrowed", "True"],
        ["RemovedFromManagement", "True"],
      ]),
    );
  });

  test("a second run says the same, asks Graph for nothing and writes nothing", async () => {
    const world = new World();
    const first = await world.run(UNLOCK);
    const reads = world.graph.reads;
    const entries = world.journal.length;

    const second = await world.run(UNLOCK);

    expect(second).toEqual(first);
    expect(world.graph.reads).toBe(reads);
    expect(world.journal).toHaveLength(entries);
  });

  test("the ledger keeps no secret", async () => {
    const world = new World();
    await world.run(UNLOCK);

    const { records } = await world.ledger.read();

    expect(leaksIn(JSON.stringify(records), [CODE])).toEqual([]);
  });

  test("the outcome in the ledger carries the conditions of that very outcome", async () => {
    const world = new World();
    await world.run(UNLOCK, { waitMs: 0 });
    world.clock.advance(60_000);
    const report = await world.run(UNLOCK);

    const outcomes = (await world.ledger.recordsOf(UNLOCK.plan.key)).filter((record) => record.kind === "outcome");

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["pending", "succeeded"]);
    expect(outcomes.at(-1)?.conditions).toEqual(report.conditions);
    expect(outcomes.at(0)?.conditions).toContainEqual(expect.objectContaining({ type: "Finished", status: "False" }));
  });
});

describe("pending", () => {
  test("is said when the time to wait is over, and the next run follows without sending", async () => {
    const world = new World();
    world.graph.checkInMs = 600_000;

    const first = await world.run(UNLOCK, { waitMs: 1_000 });
    world.clock.advance(600_000);
    const second = await world.run(UNLOCK);

    expect(first).toMatchObject({ outcome: "pending", reason: "Accepted" });
    expect(second).toMatchObject({ outcome: "succeeded" });
    expect(posts(world.journal)).toEqual(["bypassActivationLock", "wipe"]);
  });

  test("is watched in growing steps, for no longer than the run may wait", async () => {
    const world = new World(ANDROID, null);
    world.graph.isSilent = true;

    await world.run(jobOf(lifecycleRequest(["remoteLock"]), ANDROID), { waitMs: 60_000 });

    expect(world.clock.slept.reduce((sum, slept) => sum + slept, 0)).toBe(60_000);
    expect(Math.max(...world.clock.slept)).toBeLessThanOrEqual(15_000);
    expect(world.clock.slept.length).toBeLessThan(30);
  });

  test("is looked at by all requests at the same instants, so that they share their reads", async () => {
    const world = new World(ANDROID, null);
    const looks: number[] = [];
    const observe = world.graph.observe.bind(world.graph);
    world.graph.observe = async (device) => {
      looks.push(world.clock.now());
      return observe(device);
    };
    world.graph.isSilent = true;
    world.clock.advance(137);

    await world.run(jobOf(lifecycleRequest(["remoteLock"]), ANDROID), { waitMs: 10_000 });

    const polls = looks.slice(3, -1);
    expect(polls.length).toBeGreaterThan(3);
    expect(polls.filter((instant) => instant % 250 !== 0)).toEqual([]);
  });

  test("without time to wait costs one look after the send, and two before it", async () => {
    const world = new World(ANDROID, null);

    await world.run(jobOf(lifecycleRequest(["remoteLock"]), ANDROID), { waitMs: 0 });

    expect(world.clock.slept).toEqual([]);
    expect(world.graph.reads).toBe(3);
  });

  test("that stays as it is writes nothing new", async () => {
    const world = new World();
    world.graph.isSilent = true;
    await world.run(UNLOCK, { waitMs: 0 });
    const entries = world.journal.length;

    await world.run(UNLOCK, { waitMs: 0 });

    expect(world.journal).toHaveLength(entries);
  });

  test("in other words is written down", async () => {
    const world = new World();
    world.graph.isSilent = true;
    await world.run(UNLOCK, { waitMs: 0 });
    const reworded = jobOf(lifecycleRequest(UNLOCK_AND_WIPE, { ticket: "INC-4712" }));

    await world.run(reworded, { waitMs: 0 });

    expect(appended(world.journal).slice(-3)).toEqual(["outcome", "edited", "outcome"]);
  });
});

describe("what is under way from elsewhere", () => {
  test("becomes the step's; nothing is sent, and the report says so", async () => {
    const world = new World(ANDROID, null);
    world.graph.startElsewhere(ANDROID.id, "resetPasscode");

    const report = await world.run(jobOf(lifecycleRequest(["resetPasscode"]), ANDROID));

    expect(report.outcome).toBe("succeeded");
    expect(posts(world.journal)).toEqual([]);
    expect(report.conditions).toContainEqual(expect.objectContaining({ type: "AdoptedFromElsewhere", status: "True" }));
    expect(report.steps[0]).toMatchObject({ status: "done", sentAt: null, clientRequestId: null });
  });

  test("is not taken for done because of an older entry that is", async () => {
    const old = actionResult("resetPasscode", "done", { startDateTime: "2026-11-20T11:30:00Z" });
    const stuck = actionResult("ResetPasscode", "pending", { startDateTime: "2026-11-01T00:00:00Z", lastUpdatedDateTime: null });
    const world = new World({ ...ANDROID, deviceActionResults: [old, stuck] }, null);

    const report = await world.run(jobOf(lifecycleRequest(["resetPasscode"]), ANDROID), { waitMs: 5_000 });

    expect(report.outcome).toBe("pending");
    expect(posts(world.journal)).toEqual([]);
  });
});

describe("reads that fail", () => {
  test("between the steps stop the run with what was done in the ledger; the next run goes on", async () => {
    const world = new World();
    const observe = world.graph.observe.bind(world.graph);
    let looks = 0;
    world.graph.observe = async (device) => {
      looks++;
      if (looks === 3) throw new GraphReadError("Graph cannot be reached");
      return observe(device);
    };

    const broken = await world.run(UNLOCK);
    const report = await world.run(UNLOCK);

    expect(broken).toMatchObject({ outcome: "pending", reason: "GraphNotReadable" });
    expect(report.outcome).toBe("succeeded");
    expect(posts(world.journal)).toEqual(["bypassActivationLock", "wipe"]);
  });

  test("of the code before a wipe stop the wipe", async () => {
    const world = new World();
    world.graph.readBypassCode = async () => {
      throw new GraphReadError("Graph cannot be reached");
    };

    const report = await world.run(UNLOCK);

    expect(report.outcome).toBe("pending");
    expect(posts(world.journal)).toEqual([]);
    expect(appended(world.journal)).toEqual(["outcome"]);
  });
});

describe("a request that is done anew", () => {
  test("does its steps again, ends again, and then rests", async () => {
    const world = new World();
    const job = jobOf(lifecycleRequest(["escrowBypassCode", "syncDevice"]));
    await world.run(job);
    world.graph.setCode(IPAD.id, `${CODE}-NEW`);
    world.ledger.put(repeated());

    const again = await world.run(job);
    const entries = world.journal.length;
    const rest = await world.run(job);

    expect(again).toMatchObject({ outcome: "succeeded", bypassCode: { reference: "memory:2" } });
    expect(posts(world.journal)).toEqual(["syncDevice", "syncDevice"]);
    expect(rest).toEqual(again);
    expect(world.journal).toHaveLength(entries);
    expect(rest.conditions).toContainEqual(expect.objectContaining({ type: "Finished", status: "True" }));
  });

  test("keeps its plan, and escrows the code anew, for the older entry may be gone", async () => {
    const world = new World();
    const job = jobOf(lifecycleRequest(["escrowBypassCode"]));
    await world.run(job);
    world.ledger.put(repeated());

    const again = await world.run(job);

    expect(again.bypassCode?.reference).toBe("memory:2");
    expect(appended(world.journal).filter((kind) => kind === "begun")).toHaveLength(1);
  });
});

describe("a plan", () => {
  test("is frozen when it begins: what is sent later is what was begun, whatever the job says", async () => {
    const world = new World();
    world.graph.enrol(ANDROID);
    world.graph.answer("bypassActivationLock", { answer: "throttled", takes: false });
    await world.run(UNLOCK);
    const edited = jobOf(lifecycleRequest(["wipe"]), ANDROID);

    const report = await world.run(edited);

    expect(report.steps.map(({ action }) => action)).toEqual([...UNLOCK_AND_WIPE]);
    expect(world.journal.flatMap((entry) => (entry.kind === "POST" ? [entry.device] : []))).not.toContain(ANDROID.id);
  });

  test("that another run began in another form, while we waited for the device, is the one that counts", async () => {
    const world = new World();
    world.graph.enrol(ANDROID);
    const other = jobOf(lifecycleRequest(["wipe"]), ANDROID);
    const withDevice = world.ledger.withDevice.bind(world.ledger);
    let calls = 0;
    world.ledger.withDevice = (id, work) => {
      if (calls++ === 0) world.ledger.put(begun(UNLOCK.plan), escrowed(0), finished(0));
      return withDevice(id, work);
    };

    const report = await world.run(other);

    expect(report.steps.map(({ action }) => action)).toEqual([...UNLOCK_AND_WIPE]);
    expect(world.journal.flatMap((entry) => (entry.kind === "POST" ? [entry.device] : []))).toEqual([IPAD.id, IPAD.id]);
  });
});

import { describe, expect, test } from "@jest/globals";
import { EscrowError, GraphReadError } from "../../providers/domain/errors.ts";
import { CODE, World } from "../support/fakes.ts";
import { ANDROID, actionResult, IPAD, MAC, UNSUPERVISED_IPAD } from "../support/fakes-devices.ts";
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

  test("of a device that cannot have one is not read", async () => {
    const world = new World(UNSUPERVISED_IPAD, null);

    const report = await world.run(jobOf(lifecycleRequest(["escrowBypassCode", "wipe"]), UNSUPERVISED_IPAD));

    expect(report).toMatchObject({ outcome: "succeeded", bypassCode: null });
    expect(order(world.journal)).not.toContain("readCode");
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
    expect(world.clock.slept.length).toBeLessThan(15);
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

    const polls = looks.slice(2, -1);
    expect(polls.length).toBeGreaterThan(3);
    expect(polls.filter((instant) => instant % 250 !== 0)).toEqual([]);
  });

  test("without time to wait costs one look after the send", async () => {
    const world = new World(ANDROID, null);

    await world.run(jobOf(lifecycleRequest(["remoteLock"]), ANDROID), { waitMs: 0 });

    expect(world.clock.slept).toEqual([]);
    expect(world.graph.reads).toBe(2);
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

    expect(appended(world.journal).slice(-2)).toEqual(["outcome", "outcome"]);
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

    await expect(world.run(UNLOCK)).rejects.toThrow(GraphReadError);
    const report = await world.run(UNLOCK);

    expect(report.outcome).toBe("succeeded");
    expect(posts(world.journal)).toEqual(["bypassActivationLock", "wipe"]);
  });

  test("of the code before a wipe stop the wipe", async () => {
    const world = new World();
    world.graph.readBypassCode = async () => {
      throw new GraphReadError("Graph cannot be reached");
    };

    await expect(world.run(UNLOCK)).rejects.toThrow(GraphReadError);

    expect(posts(world.journal)).toEqual([]);
    expect(appended(world.journal)).toEqual([]);
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

  test("keeps its plan, and does not escrow the same code twice", async () => {
    const world = new World();
    const job = jobOf(lifecycleRequest(["escrowBypassCode"]));
    await world.run(job);
    world.ledger.put(repeated());

    const again = await world.run(job);

    expect(again.bypassCode?.reference).toBe("memory:1");
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

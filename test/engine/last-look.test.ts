import { describe, expect, test } from "@jest/globals";
import { decideNextStep } from "../../providers/engine/decide/decide-next-step.ts";
import { waitBeforeTry } from "../../providers/engine/decide/wait-before-try.ts";
import { World } from "../support/fakes.ts";
import { IPAD, MAC } from "../support/fakes-devices.ts";
import { finished, intent, sent } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";
import { decide, finish, send, situationOf, WAIT } from "../support/fakes-situation.ts";

const WIPE = jobOf(lifecycleRequest(["escrowBypassCode", "wipe"]));
const RESET = jobOf(lifecycleRequest(["resetPasscode"]));

/** Waits for its place as long as another writer is under way. */
function slowPlaces(world: World, waits: readonly number[]) {
  const left = [...waits];
  const givenBack: number[] = [];
  world.graph.takePlace = async () => {
    world.clock.advance(left.shift() ?? 0);
    return { giveBack: () => void givenBack.push(world.clock.now()), isPaused: () => false };
  };
  return givenBack;
}

function posts(world: World) {
  return world.journal.filter((entry) => entry.kind === "POST");
}

describe("what must not be done twice", () => {
  test("takes its place before it is decided on the device, what may be repeated does not", () => {
    const steps = ["syncDevice", "escrowBypassCode", "wipe"] as const;

    expect(decideNextStep(situationOf({ steps, isPlaced: false }))).toMatchObject(send(0));
    expect(decideNextStep(situationOf({ steps: ["resetPasscode"], isPlaced: false }))).toMatchObject({ kind: "place", step: { index: 0 } });
  });

  test("is decided on what was seen after the wait for its place: a wipe that began in the portal meanwhile becomes the step's", async () => {
    const world = new World();
    const givenBack = slowPlaces(world, [20_000]);
    const takePlace = world.graph.takePlace.bind(world.graph);
    world.graph.takePlace = async () => {
      const place = await takePlace();
      world.graph.startElsewhere(IPAD.id, "wipe");
      return place;
    };

    const report = await world.run(WIPE);

    expect(report.outcome).toBe("succeeded");
    expect(posts(world)).toEqual([]);
    expect(givenBack).toHaveLength(1);
  });

  test("is not sent when it expired while it waited for its place", async () => {
    const world = new World();
    slowPlaces(world, [13 * 60 * 60 * 1000]);
    const job = { ...WIPE, terms: { ...WIPE.terms, expires: "2026-11-20" } };

    expect(await world.run(job)).toMatchObject({ outcome: "expired" });
    expect(posts(world)).toEqual([]);
  });

  test("goes with the code that was made while it waited for its place, once that is in escrow", async () => {
    const world = new World();
    world.graph.takePlace = async () => {
      world.graph.setCode(IPAD.id, "NEW9-CODE9-9999-ABCDE");
      return { giveBack: () => undefined, isPaused: () => false };
    };

    expect(await world.run(WIPE)).toMatchObject({ outcome: "succeeded" });
    const kinds = world.journal.flatMap((entry) => (entry.kind === "escrow" ? [entry.value] : entry.kind === "POST" ? ["POST"] : []));
    expect(kinds.slice(-2)).toEqual(["NEW9-CODE9-9999-ABCDE", "POST"]);
  });

  test("is looked at again, under another intent, when a store was so slow that the look is old", async () => {
    const world = new World();
    onFirstIntent(world, () => world.clock.advance(6_000));
    honourHoldBack(world);

    expect(await world.run(WIPE)).toMatchObject({ outcome: "succeeded" });
    expect(posts(world)).toHaveLength(1);
    expect(await resultsOf(world)).toEqual(["notSent", "accepted"]);
  });

  test("is looked at again when the machine slept between the look and the wire", async () => {
    const world = new World();
    // The monotonic clock stands still while the machine sleeps.
    world.ports = { ...world.ports, monotonic: () => 0 };
    onFirstIntent(world, () => world.clock.advance(6_000));
    honourHoldBack(world);

    expect(await world.run(WIPE)).toMatchObject({ outcome: "succeeded" });
    expect(await resultsOf(world)).toEqual(["notSent", "accepted"]);
    expect(posts(world)).toHaveLength(1);
  });

  test("is looked at again when the clock of the machine was set back meanwhile: that makes no look younger", async () => {
    const world = new World();
    let passed = 0;
    world.ports = { ...world.ports, monotonic: () => passed };
    onFirstIntent(world, () => {
      passed += 6_000;
      world.clock.advance(-60_000);
    });
    honourHoldBack(world);

    expect(await world.run(WIPE)).toMatchObject({ outcome: "succeeded" });
    expect(await resultsOf(world)).toEqual(["notSent", "accepted"]);
    expect(posts(world)).toHaveLength(1);
  });

  test.each([
    ["with its code, where it would take that away", WIPE, ["code", "device and code"]],
    ["without one, where it takes none away", RESET, ["device"]],
  ] as const)("is looked at in one read %s", async (_name, job, expected) => {
    const world = new World();
    const reads: string[] = [];
    const readBypassCode = world.graph.readBypassCode.bind(world.graph);
    world.graph.lookClosely = async (reference, withCode) => {
      reads.push(withCode ? "device and code" : "device");
      const device = await world.graph.observe(reference);
      if (device === null) throw new TypeError("the device is there");
      return { device, code: withCode ? await readBypassCode(reference) : null };
    };
    world.graph.readBypassCode = (reference) => {
      reads.push("code");
      return readBypassCode(reference);
    };

    expect(await world.run(job)).toMatchObject({ outcome: "succeeded" });
    expect(reads).toEqual(expected);
  });

  test("gives its place back when another request wiped the device in the last moment", async () => {
    const world = new World();
    const givenBack = slowPlaces(world, [0]);
    const takePlace = world.graph.takePlace.bind(world.graph);
    world.graph.takePlace = async () => {
      world.ledger.put(intent(0, { key: "another-request#1" }));
      return takePlace();
    };

    expect(await world.run(WIPE)).toMatchObject({ outcome: "failed", reason: "AlreadyDestroyed" });
    expect(givenBack).toHaveLength(1);
    expect(posts(world)).toEqual([]);
  });

  test.each(["put", "appendUnless"] as const)("gives its place back when a store breaks before the call: %s", async (method) => {
    const world = new World();
    const givenBack = slowPlaces(world, [0]);
    const takePlace = world.graph.takePlace.bind(world.graph);
    world.graph.takePlace = async () => {
      world.graph.setCode(IPAD.id, "NEW9-CODE9-9999-ABCDE");
      breakFrom(world, method);
      return takePlace();
    };

    await expect(world.run(WIPE)).rejects.toThrow(`${method} broke`);

    expect(givenBack).toHaveLength(1);
    expect(posts(world)).toEqual([]);
  });

  test("is given up for this run when every look is old, and nothing is sent", async () => {
    const world = new World();
    const append = world.ledger.appendUnless.bind(world.ledger);
    world.ledger.appendUnless = async (record, objection) => {
      const answer = await append(record, objection);
      if (record.kind === "intent") world.clock.advance(6_000);
      return answer;
    };
    honourHoldBack(world);

    const report = await world.run(WIPE);

    expect(report).toMatchObject({ outcome: "pending", message: expect.stringContaining("what was seen of the device is 6 s old") });
    expect(posts(world)).toEqual([]);
  });
});

/** From now on the store fails. */
function breakFrom(world: World, method: "put" | "appendUnless"): void {
  const fail = () => Promise.reject(new TypeError(`${method} broke`));
  if (method === "put") world.escrow.put = fail;
  else world.ledger.appendUnless = fail;
}

/** What happens while the first intent is being recorded. */
function onFirstIntent(world: World, happens: () => void): void {
  const append = world.ledger.appendUnless.bind(world.ledger);
  let isFirst = true;
  world.ledger.appendUnless = async (record, objection) => {
    const answer = await append(record, objection);
    if (record.kind === "intent" && isFirst) happens();
    if (record.kind === "intent") isFirst = false;
    return answer;
  };
}

async function resultsOf(world: World): Promise<readonly string[]> {
  const records = await world.ledger.recordsOf(WIPE.plan.key);
  return records.flatMap((record) => (record.kind === "result" ? [record.result] : []));
}

/** As the real adapter does: asked right before the wire. */
function honourHoldBack(world: World): void {
  const post = world.graph.send.bind(world.graph);
  world.graph.send = async (call) => {
    const reason = await call.holdBack();
    return reason === null ? post(call) : { kind: "throttled", detail: `not sent: ${reason}`, requestId: null };
  };
}

describe("a secret that Intune shows until the next action", () => {
  const lock = (outcome: "accepted" | "unknown") => ({
    steps: ["remoteLock", "syncDevice"] as const,
    device: MAC,
    records: sent(0, outcome),
  });

  test("is waited for before anything else goes to the device", () => {
    expect(decide(lock("accepted"))).toEqual(WAIT);
    expect(decide({ ...lock("accepted"), mayWait: false })).toMatchObject(finish("pending", "SecretOnItsWay"));
    expect(decide({ ...lock("accepted"), records: [...sent(0), finished(0)] })).toMatchObject(send(1));
  });

  test("holds nothing on a device whose result carries none", () => {
    expect(decide({ ...lock("accepted"), device: IPAD })).toMatchObject(send(1));
  });
});

describe("another try in the same run", () => {
  test.each([
    [{ number: 1, elapsed: 0, afterMs: null }, 2_000],
    [{ number: 3, elapsed: 0, afterMs: null }, 8_000],
    [{ number: 1, elapsed: 0, afterMs: 17_000 }, 17_000],
    [{ number: 1, elapsed: 0, afterMs: 0 }, 0],
    [{ number: 1, elapsed: 0, afterMs: 60_001 }, null],
    [{ number: 6, elapsed: 0, afterMs: 1 }, null],
    [{ number: 2, elapsed: 179_000, afterMs: 2_000 }, null],
  ])("%j waits %s", (tried, wait) => {
    expect(waitBeforeTry(tried)).toBe(wait);
  });
});

test("what may be repeated and Graph asked to wait with is sent again by the next run", async () => {
  const world = new World();
  const SYNC = jobOf(lifecycleRequest(["syncDevice"]));
  const post = world.graph.send.bind(world.graph);
  let isThrottled = true;
  world.graph.send = async (call) => {
    const answer = await post(call);
    return isThrottled ? { kind: "throttled", detail: "429", requestId: null, again: { afterMs: 0 } } : answer;
  };

  expect(await world.run(SYNC)).toMatchObject({ outcome: "pending", reason: "NotTaken" });
  expect(posts(world)).toHaveLength(1);
  isThrottled = false;
  expect(await world.run(SYNC)).toMatchObject({ outcome: "succeeded" });
});

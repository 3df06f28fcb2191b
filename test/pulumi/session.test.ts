import { describe, expect, test } from "@jest/globals";
import type { Condition } from "../../providers/domain/outcome.ts";
import type { LifecycleRequest } from "../../providers/domain/request.ts";
import { hasChanges } from "../../providers/pulumi/provider/diff.ts";
import { observeDrift } from "../../providers/pulumi/provider/drift/observe-drift.ts";
import { Session } from "../../providers/pulumi/provider/session.ts";
import type { LifecycleOutputs } from "../../providers/pulumi/state.ts";
import { CODE, World } from "../support/fakes.ts";
import { ANDROID, IPAD } from "../support/fakes-devices.ts";
import { LOST_BEFORE } from "../support/fakes-graph.ts";
import { appended, posts } from "../support/fakes-journal.ts";
import { inputsFor, NO_GUARD } from "../support/fakes-pulumi.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";

const UNLOCK = lifecycleRequest(UNLOCK_AND_WIPE);
const KEEP_CODE = lifecycleRequest(["escrowBypassCode"], { onDrift: "repeat" });

const session = (world: World) => new Session(world.ports, world.settings(), NO_GUARD);

describe("create", () => {
  test("gives back the outputs that are promised, and ours", async () => {
    const outputs = await session(new World()).perform(inputsFor(UNLOCK));

    expect(Object.keys(outputs).sort()).toEqual(
      ["bypassCode", "conditions", "device", "drift", "edition", "onDrift", "outcome", "plan", "request", "steps"].sort(),
    );
    expect(outputs).toMatchObject({
      request: {
        name: "leeds-leaver-0042",
        generation: 1,
        reason: "Leaver returned the iPad",
        ticket: "INC-4711",
        source: "devices/requests/a.yaml:2",
      },
      device: { id: IPAD.id, serialNumber: IPAD.serialNumber, enrolledDateTime: IPAD.enrolledDateTime },
      outcome: "succeeded",
      bypassCode: { reference: "memory:1" },
    });
    expect(JSON.stringify(outputs)).not.toContain(CODE);
  });

  test("of a request that the ledger knows as finished gives back its outcome, and sends nothing", async () => {
    const world = new World();
    const first = await session(world).perform(inputsFor(UNLOCK));

    const second = await session(world).perform(inputsFor(UNLOCK));

    expect(second).toEqual(first);
    expect(posts(world.journal)).toEqual(["bypassActivationLock", "wipe"]);
  });
});

describe("update of a drifted request", () => {
  async function drifted(request: LifecycleRequest, happen: (world: World) => void): Promise<{ world: World; state: LifecycleOutputs }> {
    const world = new World();
    const state = await session(world).perform(inputsFor(request));
    happen(world);
    return { world, state: await observeDrift(state, world.ports, 30_000) };
  }

  test("does its steps anew where the request asks for it", async () => {
    const { world, state } = await drifted(KEEP_CODE, (where) => where.graph.setCode(IPAD.id, `${CODE}-NEW`));

    const outputs = await session(world).repeat(inputsFor(KEEP_CODE), state);

    expect(outputs).toMatchObject({ outcome: "succeeded", bypassCode: { reference: "memory:2" } });
    expect(outputs.conditions.filter(({ type }) => type === "Drifted")).toEqual([]);
  });

  test("starts nothing anew with followOnly: the request stays as it was", async () => {
    const { world, state } = await drifted(KEEP_CODE, (where) => where.graph.setCode(IPAD.id, `${CODE}-NEW`));
    const following = new Session(world.ports, world.settings({ followOnly: true }), NO_GUARD);

    const outputs = await following.repeat(inputsFor(KEEP_CODE), state);

    expect(outputs).toMatchObject({ outcome: "succeeded", bypassCode: { reference: "memory:1" } });
    expect(appended(world.journal)).not.toContain("repeated");
  });

  test("does nothing where it does not", async () => {
    const report = { ...KEEP_CODE, onDrift: "report" } as const;
    const { world, state } = await drifted(report, (where) => where.graph.setCode(IPAD.id, `${CODE}-NEW`));

    await session(world).repeat(inputsFor(report), state);

    expect(appended(world.journal)).not.toContain("repeated");
  });

  test.each([
    ["left Intune", (world: World) => world.graph.remove(IPAD.id)],
    ["was enrolled anew", (world: World) => world.graph.enrolAnew(IPAD.id, "2026-11-20T11:00:00Z", CODE)],
  ])("whose device %s stays succeeded: its plan is of an enrolment that is over", async (_, happen) => {
    const { world, state } = await drifted(KEEP_CODE, happen);

    const outputs = await session(world).repeat(inputsFor(KEEP_CODE), state);

    expect(outputs.outcome).toBe("succeeded");
    expect(appended(world.journal)).not.toContain("repeated");
  });

  test("never does a step anew that is not safe to repeat, whatever state says", async () => {
    const condition: Condition = { type: "Drifted", status: "True", reason: "BypassCodeChanged", message: "", lastTransitionTime: "" };
    const world = new World();
    const request = { ...UNLOCK, onDrift: "repeat" } as const;
    const state = await session(world).perform(inputsFor(request));

    await session(world).repeat(inputsFor(request), { ...state, conditions: [condition] });

    expect(appended(world.journal)).not.toContain("repeated");
    expect(posts(world.journal)).toEqual(["bypassActivationLock", "wipe"]);
  });

  test("in its next generation begins that one; there is nothing to do anew", async () => {
    const { world, state } = await drifted(KEEP_CODE, (where) => where.graph.setCode(IPAD.id, `${CODE}-NEW`));

    const outputs = await session(world).repeat(inputsFor({ ...KEEP_CODE, generation: 2 }), state);

    expect(outputs).toMatchObject({ outcome: "succeeded", request: { generation: 2 } });
    expect(appended(world.journal)).not.toContain("repeated");
  });
});

describe("what is remembered of a run that broke", () => {
  test("is nothing while nothing was begun", async () => {
    expect(await session(new World()).remember(inputsFor(UNLOCK), "disk full")).toBeUndefined();
  });

  test("is what the ledger holds", async () => {
    const world = new World();
    await expect(world.run(jobOf(UNLOCK), { fault: { method: "send", call: 1, when: "after" } })).rejects.toThrow("after send");

    const outputs = await session(world).remember(inputsFor(UNLOCK), "disk full");

    expect(outputs).toMatchObject({ outcome: "pending", bypassCode: { reference: "memory:1" }, device: { deviceName: IPAD.deviceName } });
    expect(outputs?.steps.map(({ status }) => status)).toEqual(["done", "sent", "ambiguous"]);
  });

  test("is never that a request is at rest: the next diff is a change", async () => {
    const world = new World(ANDROID, null);
    const request = lifecycleRequest(["wipe"]);
    world.graph.answer("wipe", LOST_BEFORE);
    await session(world).perform(inputsFor(request, ANDROID));

    const outputs = await session(world).remember(inputsFor(request, ANDROID), "disk full");

    expect(hasChanges(outputs ?? {}, inputsFor(request, ANDROID))).toBe(true);
    expect(outputs?.steps).toMatchObject([{ action: "wipe", status: "ambiguous" }]);
  });
});

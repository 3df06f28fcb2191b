import { describe, expect, test } from "@jest/globals";
import { REMOTE_ACTIONS, type RemoteAction } from "../../providers/domain/actions/action-table.ts";
import { isSupervisedApple } from "../../providers/domain/managed-device.ts";
import type { Job } from "../../providers/engine/job.ts";
import { deviceFor, neededParameters } from "../support/action-samples.ts";
import { CODE, World } from "../support/fakes.ts";
import { IPAD, WINDOWS } from "../support/fakes-devices.ts";
import { LOST_AFTER } from "../support/fakes-graph.ts";
import { brokenPromises, brokenSuccess } from "../support/fakes-promises.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";

const ACTIONS = REMOTE_ACTIONS.map((action) => [action.name, action] as const);

/** A device on which the action works, and a request that does it there as the rules want it. */
function stage(action: RemoteAction): { readonly world: World; readonly job: Job } {
  const device = deviceFor(action);
  const step = { action: action.name, parameters: neededParameters(action) };
  const steps = action.destroysData && isSupervisedApple(device) ? ["escrowBypassCode", step] : [step];
  const job = jobOf(lifecycleRequest(steps, { acknowledge: [...action.demands] }), device);
  return { world: new World(device, isSupervisedApple(device) ? CODE : null), job };
}

function sent(world: World): readonly string[] {
  return world.journal.flatMap((entry) => (entry.kind === "POST" ? [entry.action] : []));
}

describe.each(ACTIONS)("%s", (name, action) => {
  test("is sent once and followed to its end", async () => {
    const { world, job } = stage(action);

    const first = await world.run(job);
    const again = await world.run(job);

    expect([first.outcome, again.outcome, sent(world)]).toEqual(["succeeded", "succeeded", [name]]);
    expect(first.conditions.some(({ type }) => type === "ResultNotReported")).toBe(action.result.kind === "none");
    expect([...brokenPromises(world, job.plan, job.terms.acknowledge), ...brokenSuccess(world, job.plan, first)]).toEqual([]);
  });

  test("whose result is bad ends as failed, where a result is reported at all", async () => {
    const { world, job } = stage(action);
    world.graph.endsAs(name, "notSupported");

    const report = await world.run(job);

    expect(report.outcome).toBe(action.result.kind === "none" ? "succeeded" : "failed");
  });

  test("whose answer is lost for good is sent again only when that is harmless", async () => {
    const { world, job } = stage(action);
    world.graph.isSilent = true;
    world.graph.checkInMs = Number.POSITIVE_INFINITY;
    world.graph.answer(name, LOST_AFTER);

    const first = await world.run(job);
    await world.run(job);

    expect(first.outcome).toBe(action.repeatable ? "pending" : "ambiguous");
    expect(sent(world)).toHaveLength(action.repeatable ? 2 : 1);
    expect(brokenPromises(world, job.plan, job.terms.acknowledge)).toEqual([]);
  });
});

describe("the same action under way from elsewhere", () => {
  test.each([
    ["rebootNow", {}, WINDOWS, 0],
    ["wipe", { keepUserData: true }, WINDOWS, 0],
    ["setDeviceName", { deviceName: "LEEDS-0042" }, IPAD, 1],
    ["enableLostMode", { message: "Please return" }, IPAD, 1],
    ["windowsDefenderScan", { quickScan: true }, WINDOWS, 1],
  ])("%s with %j is taken over unless it may mean something else", async (action, parameters, device, sends) => {
    const world = new World(device, null);
    world.graph.startElsewhere(device.id, action);
    world.clock.advance(500);

    const report = await world.run(jobOf(lifecycleRequest([{ action, parameters }], { acknowledge: ["dataLoss"] }), device));

    expect([report.outcome, sent(world).length]).toEqual(["succeeded", sends]);
    expect(report.conditions.some(({ type }) => type === "AdoptedFromElsewhere")).toBe(sends === 0);
  });
});

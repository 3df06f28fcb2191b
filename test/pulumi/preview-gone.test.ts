import { expect, test } from "@jest/globals";
import { NotVisibleError } from "../../providers/domain/errors.ts";
import { historyOf } from "../../providers/engine/history.ts";
import type { Job } from "../../providers/engine/job.ts";
import { previewActs } from "../../providers/pulumi/program/preview-acts.ts";
import { goneAfterOf } from "../../providers/pulumi/run-limits.ts";
import { World } from "../support/fakes.ts";
import { ANDROID } from "../support/fakes-devices.ts";
import { settings } from "../support/fakes-pulumi.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";

const REQUEST = lifecycleRequest(["wipe"], { device: { id: ANDROID.id } });
const WIPE: Job = jobOf(REQUEST, ANDROID);
const BRIEFLY = { waitMs: 0 };

/** The first line of the card of a begun request whose device is not shown. */
async function firstLine(world: World, notVisible?: NotVisibleError, waitMs = 120_000): Promise<string | undefined> {
  const history = historyOf(await world.ledger.recordsOf(WIPE.plan.key));
  const unreadable = notVisible ?? null;
  const entry = { request: REQUEST, history, plan: WIPE.plan, device: null, unreadable, isEnded: false };
  const { graphClock } = world.ports;
  const ports = { actions: world.graph, directory: world.graph, ledger: world.ledger, graphClock, canResendSecrets: false };
  const facts = {
    settings: settings({ waitMs }),
    ledgerFacts: await world.ledger.facts(),
    hold: null,
    unreviewed: () => null,
    now: world.clock.now(),
  };
  return (await previewActs([entry], ports, facts)).get(REQUEST.name)?.text;
}

async function wiped(): Promise<World> {
  const world = new World(ANDROID, null);
  await world.run(WIPE, BRIEFLY);
  world.graph.remove(ANDROID.id);
  return world;
}

test("a device that Graph does not know for the first time is looked for again, and no word says that it left", async () => {
  const world = await wiped();

  expect(await firstLine(world)).toMatch(/^follows: Graph says that it does not know the device, and that has to last/);
  expect(await firstLine(world, undefined, 0)).toMatch(/^held: Graph says that it does not know device .* may not see it/);
});

test("one that an earlier run missed too is looked for closely, and ends the request", async () => {
  const world = await wiped();
  await world.run(WIPE, BRIEFLY);
  world.clock.advance(30_000);

  expect(await firstLine(world, undefined, 0)).toBe("nothing: finished");
});

test("one that may be hidden holds the request, with what was answered", async () => {
  const hidden = new NotVisibleError("404: a tag of the current role", { hint: "look at the scope tags" });

  expect(await firstLine(await wiped(), hidden)).toBe("held: 404: a tag of the current role; look at the scope tags; run up again");
});

test("against Microsoft the device has to be missed for half a minute, whatever wait says; against a double for a second at most", async () => {
  const graphEndpoint = "http://127.0.0.1:8787";

  expect([0, 5_000, 120_000].map((waitMs) => goneAfterOf(settings({ waitMs })))).toEqual([30_000, 30_000, 30_000]);
  expect([0, 1_000, 120_000].map((waitMs) => goneAfterOf(settings({ waitMs, graphEndpoint })))).toEqual([0, 500, 1_000]);
});

import { describe, expect, test } from "@jest/globals";
import { type RunChanges, World } from "../support/fakes.ts";
import { ANDROID } from "../support/fakes-devices.ts";
import { ACCEPTED, APPROVAL_REQUIRED, LOST_BEFORE, type ScriptedAnswer, THROTTLED } from "../support/fakes-graph.ts";
import { order, posts } from "../support/fakes-journal.ts";
import { setOurClock } from "../support/fakes-pasts.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";

const HOUR = 3_600_000;
const WIPE = jobOf(lifecycleRequest(["wipe"], { expires: null }), ANDROID);
const OTHER = jobOf(lifecycleRequest(["syncDevice", "wipe"], { name: "other", expires: null }), ANDROID);

/** What may stand against a wipe, in the order in which it is told. */
const AGAINST = {
  followOnly: "FollowOnly",
  clock: "ClockWrong",
  time: "NotReadable",
  review: "NotReviewed",
  preview: "NotShown",
  brake: "Brake",
  held: "Held",
} as const;

type Guard = keyof typeof AGAINST;
const GUARDS = Object.keys(AGAINST) as Guard[];
const SETS = Array.from({ length: 2 ** GUARDS.length }, (_, bits) => GUARDS.filter((_guard, index) => (bits & (1 << index)) !== 0));

/** Sets the guards for one run. */
function guard(world: World, guards: readonly Guard[]): RunChanges {
  setOurClock(world, guards.includes("clock") ? HOUR : 60_000);
  world.graph.tellsTime = !guards.includes("time");
  world.ledger.setBrake(guards.includes("brake") ? "wrong devices" : null);
  return {
    followOnly: guards.includes("followOnly"),
    ...(guards.includes("review") ? { unreviewed: () => "it is not in the review" } : {}),
    ...(guards.includes("preview") ? { unshown: () => "the preview did not show it" } : {}),
    ...(guards.includes("held") ? { held: "the recipients changed" } : {}),
  };
}

/** A time that nobody knows cannot be found wrong. */
function firstOf(guards: readonly Guard[]): string | undefined {
  const told = guards.includes("time") ? guards.filter((one) => one !== "clock") : guards;
  const [first] = told;
  return first === undefined ? undefined : AGAINST[first];
}

describe("whatever stands against a wipe together", () => {
  test.each(SETS.filter((guards) => guards.length > 0).map((guards) => [guards.join(" and "), guards] as const))(
    "%s: the first is told, nothing is begun or sent, and the wipe goes once when all are gone",
    async (_, guards) => {
      const world = new World(ANDROID, null);

      expect(await world.run(WIPE, guard(world, guards))).toMatchObject({ outcome: "pending", reason: firstOf(guards) });
      expect(order(world.journal)).toEqual(["outcome"]);

      expect(await world.run(WIPE, guard(world, []))).toMatchObject({ outcome: "succeeded" });
      expect(posts(world.journal)).toEqual(["wipe"]);
    },
  );

  test.each(SETS.map((guards) => [guards.join(" and ") || "nothing", guards] as const))(
    "%s: what Graph took is followed to its end all the same",
    async (_, guards) => {
      const world = new World(ANDROID, null);
      expect(await world.run(WIPE, { waitMs: 0 })).toMatchObject({ outcome: "pending", reason: "Accepted" });

      expect(await world.run(WIPE, guard(world, guards))).toMatchObject({ outcome: "succeeded" });
      expect(posts(world.journal)).toEqual(["wipe"]);
    },
  );

  test.each(SETS.filter((guards) => guards.length > 0).map((guards) => [guards.join(" and "), guards] as const))(
    "%s: a wipe behind a step that Graph took waits, and what was done is kept",
    async (_, guards) => {
      const world = new World(ANDROID, null);
      world.graph.answer("wipe", ...Array.from({ length: 9 }, () => THROTTLED));
      await world.run(OTHER, { waitMs: 0 });
      const before = posts(world.journal);
      world.graph.answer("wipe", ACCEPTED);

      const report = await world.run(OTHER, guard(world, guards));

      expect(report).toMatchObject({ outcome: "pending", reason: firstOf(guards) });
      expect(posts(world.journal)).toEqual(before);
      expect(report.steps.map(({ action, status }) => `${action} ${status}`)).toEqual(["syncDevice done", "wipe waiting"]);
    },
  );
});

describe("what was remembered of a wipe is still there after a run by a wrong clock", () => {
  test.each<[string, ScriptedAnswer, { readonly first: string; readonly awry: string }, readonly string[]]>([
    ["that Graph throttled", THROTTLED, { first: "NotTaken", awry: "ClockWrong" }, ["wipe", "wipe"]],
    ["that waits for an approval", APPROVAL_REQUIRED, { first: "ApprovalRequired", awry: "ClockWrong" }, ["wipe", "wipe"]],
    ["whose answer was lost", LOST_BEFORE, { first: "NoAnswer", awry: "NoAnswer" }, ["wipe"]],
  ])("%s", async (_, answer, { first, awry }, sent) => {
    const world = new World(ANDROID, null);
    world.graph.answer("wipe", answer);
    expect(await world.run(WIPE, { waitMs: 0 })).toMatchObject({ reason: first });
    const approvals = () => world.journal.flatMap((entry) => (entry.kind === "POST" ? [entry.approvalRequest] : []));

    setOurClock(world, HOUR);
    expect(await world.run(WIPE, { waitMs: 0 })).toMatchObject({ outcome: "pending", reason: awry });
    expect(posts(world.journal)).toEqual(["wipe"]);

    setOurClock(world, 60_000);
    await world.run(WIPE);
    expect(posts(world.journal)).toEqual(sent);
    if (answer === APPROVAL_REQUIRED) expect(approvals().at(-1)).not.toBeNull();
  });
});

test("a run of the wrong clock uses up nothing of what a day may bring", async () => {
  const world = new World(ANDROID, null);
  setOurClock(world, HOUR);
  await world.run(WIPE, { maxDestructive: 1 });
  setOurClock(world, 60_000);

  expect(await world.run(WIPE, { maxDestructive: 1 })).toMatchObject({ outcome: "succeeded" });
});

test("a clock that goes wrong while a wipe waits to be tried again stops the next try", async () => {
  const world = new World(ANDROID, null);
  const post = world.graph.send.bind(world.graph);
  world.graph.answer("wipe", THROTTLED);
  world.graph.send = async (call) => {
    const result = await post(call);
    setOurClock(world, HOUR);
    return result.kind === "throttled" ? { ...result, again: { afterMs: 5_000 } } : result;
  };

  expect(await world.run(WIPE)).toMatchObject({ outcome: "pending", reason: "ClockWrong" });
  expect(posts(world.journal)).toEqual(["wipe"]);
});

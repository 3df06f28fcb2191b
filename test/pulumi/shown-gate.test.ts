import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { createGuard } from "../../providers/pulumi/provider/guard.ts";
import { Session } from "../../providers/pulumi/provider/session.ts";
import { readReviewed, readShown, SHOWN, SHOWN_SHA256 } from "../../providers/pulumi/review-gate.ts";
import type { Settings } from "../../providers/pulumi/settings.ts";
import { sha256 } from "../../review/digest.ts";
import type { Review } from "../../review/review.ts";
import { renderReview } from "../../review/review-text.ts";
import { World } from "../support/fakes.ts";
import { ANDROID } from "../support/fakes-devices.ts";
import { posts } from "../support/fakes-journal.ts";
import { inputsFor, settings } from "../support/fakes-pulumi.ts";
import { lifecycleRequest } from "../support/fakes-requests.ts";
import { ends, reviewed, reviewOf } from "../support/fakes-review.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const WIPE = lifecycleRequest(["wipe"], { name: "wipe-one", device: { id: ANDROID.id } });
const SYNC = lifecycleRequest(["syncDevice"], { name: "wipe-one", device: { id: ANDROID.id } });

const ofDouble = (changes: Partial<Review> = {}) =>
  reviewOf([reviewed(["wipe"])], { graph: "double", tenant: null, ledger: { place: "file:ledger", made: null }, ...changes });

/** One `up` of the process that sends, with what it read of the pull request and of the preview. */
function upOf(world: World, read: { review?: Review; shown?: () => Review | null }, changes: Partial<Settings> = {}): Session {
  world.ledger.dropLocks();
  const ports = {
    ledger: world.ledger,
    clock: world.clock,
    isLoopbackGraph: true,
    graphOrigin: "https://graph.microsoft.com",
    tokenTenant: async () => null,
    describeReaders: async () => "anna's key",
  };
  const reviews = { review: () => read.review ?? null, shown: read.shown ?? (() => null) };
  const guard = createGuard(ports, settings(changes), async () => null, reviews);
  return new Session(world.ports, world.settings(), guard);
}

describe("the process that sends, after a preview was shown", () => {
  test.each<[string, Review, typeof WIPE, string]>([
    ["does what it showed", ofDouble(), WIPE, ""],
    ["holds what it did not show", ofDouble({ requests: [] }), WIPE, "wipe-one#1 is not in the preview of"],
    ["holds also what destroys nothing", ofDouble({ requests: [] }), SYNC, "wipe-one#1 is not in the preview of"],
    ["holds other steps than it showed", ofDouble(), SYNC, "what would be sent differs from the preview of"],
    [
      "holds what it showed as held, also where that is over",
      ofDouble({ requests: [reviewed(["wipe"], { act: ends("pending", "held: brake set: by anna") })] }),
      WIPE,
      "said of it: held: brake set: by anna",
    ],
    [
      "holds what it showed as one that will not run, also where the files say otherwise now",
      ofDouble({ requests: [reviewed(["wipe"], { act: ends("expired", "will not run: expired yesterday") })] }),
      WIPE,
      "said of it: will not run: expired yesterday",
    ],
    ["holds all where it was of another ledger", ofDouble({ ledger: { place: "file:other", made: null } }), WIPE, "is none of this run"],
  ])("%s", async (_, shown, request, why) => {
    const world = new World(ANDROID, null);

    const { outcome, conditions } = await upOf(world, { shown: () => shown }).perform(inputsFor(request, ANDROID));

    expect(outcome).toBe(why === "" ? "succeeded" : "pending");
    if (why !== "") expect(conditions).toMatchObject([{ reason: "NotShown", message: expect.stringContaining(why) }]);
    expect(posts(world.journal)).toEqual(why === "" ? ["wipe"] : []);
  });

  test("takes a preview for no review: requireReview holds what a person agreed to at a terminal", async () => {
    const world = new World(ANDROID, null);

    const session = upOf(world, { shown: () => ofDouble() }, { requireReview: true });
    const { outcome, conditions } = await session.perform(inputsFor(WIPE, ANDROID));

    expect(outcome).toBe("pending");
    expect(conditions).toMatchObject([{ reason: "NotReviewed", message: expect.stringContaining("this run has no review") }]);
    expect(posts(world.journal)).toEqual([]);
  });

  test("and takes a review for no preview", async () => {
    const world = new World(ANDROID, null);

    const { conditions } = await upOf(world, { review: ofDouble(), shown: () => ofDouble({ requests: [] }) }).perform(
      inputsFor(WIPE, ANDROID),
    );

    expect(conditions).toMatchObject([{ reason: "NotShown" }]);
    expect(posts(world.journal)).toEqual([]);
  });

  test("whose file cannot be read does nothing at all", async () => {
    const world = new World(ANDROID, null);
    const broken = () => {
      throw new ConfigurationError("it is damaged");
    };

    await expect(upOf(world, { shown: broken }).perform(inputsFor(SYNC, ANDROID))).rejects.toThrow("it is damaged");
    expect(posts(world.journal)).toEqual([]);
  });
});

test("a preview is read from its own file, and only as it was shown", async () => {
  const file = path.join(await temporaryFolder(), "review.json");
  const text = renderReview(ofDouble());
  await writeFile(file, text);

  expect(readShown({ [SHOWN]: file, [SHOWN_SHA256]: sha256(text) })).toEqual(ofDouble());
  expect(readReviewed({ [SHOWN]: file, [SHOWN_SHA256]: sha256(text) })).toBeNull();
  expect(() => readShown({ [SHOWN]: file, [SHOWN_SHA256]: sha256("another") })).toThrow(ConfigurationError);
});

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { REVIEWED } from "../../providers/domain/run-variables.ts";
import { createGuard } from "../../providers/pulumi/provider/guard.ts";
import { Session } from "../../providers/pulumi/provider/session.ts";
import { REVIEWED_SHA256, readReviewed, refuseOtherStack } from "../../providers/pulumi/review-gate.ts";
import type { Settings } from "../../providers/pulumi/settings.ts";
import { sha256 } from "../../review/digest.ts";
import type { Review } from "../../review/review.ts";
import { renderReview } from "../../review/review-text.ts";
import { World } from "../support/fakes.ts";
import { ANDROID } from "../support/fakes-devices.ts";
import { posts } from "../support/fakes-journal.ts";
import { inputsFor, settings } from "../support/fakes-pulumi.ts";
import { lifecycleRequest } from "../support/fakes-requests.ts";
import { reviewed, reviewOf } from "../support/fakes-review.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const WIPE = lifecycleRequest(["wipe"], { name: "wipe-one", device: { id: ANDROID.id } });
const GRAPH = "https://graph.microsoft.com";

/** One `up` of the process that sends, with the review that it read. */
function upOf(world: World, review: () => Review | null, changes: Partial<Settings> = {}): Session {
  world.ledger.dropLocks();
  const ports = {
    ledger: world.ledger,
    clock: world.clock,
    isLoopbackGraph: true,
    graphOrigin: GRAPH,
    tokenTenant: async () => null,
    describeReaders: async () => "anna's key",
  };
  return new Session(
    world.ports,
    world.settings(),
    createGuard(ports, settings(changes), async () => null, { review }),
  );
}

const ofDouble = (changes: Partial<Review> = {}) =>
  reviewOf([reviewed(["wipe"])], { graph: "double", tenant: null, ledger: { place: "file:ledger", made: null }, ...changes });

describe("the process that sends", () => {
  test.each<[string, Review | null, Partial<Settings>, string]>([
    ["with the review of the request", ofDouble(), { requireReview: true }, ""],
    ["without a review, where none is wanted", null, {}, ""],
    ["without a review", null, { requireReview: true }, "requireReview is set, and this run has no review"],
    ["with a review of nothing", ofDouble({ requests: [] }), {}, "wipe-one#1 is not in the review of"],
    [
      "with a review of another tenant",
      ofDouble({ tenant: "t" }),
      {},
      "is none of this run: it is of a double of Graph on this machine, tenant t",
    ],
    [
      "with a review of another ledger",
      ofDouble(),
      { ledger: "file:other" },
      "it is of the ledger file:ledger, and this run has file:other",
    ],
    ["with an old review", ofDouble({ at: "2026-11-01T00:00:00Z" }), {}, "older than 7 days"],
  ])("%s", async (_, review, changes, why) => {
    const world = new World(ANDROID, null);

    const { outcome, conditions } = await upOf(world, () => review, changes).perform(inputsFor(WIPE, ANDROID));

    expect(outcome).toBe(why === "" ? "succeeded" : "pending");
    if (why !== "") expect(conditions).toMatchObject([{ reason: "NotReviewed", message: expect.stringContaining(why) }]);
    expect(posts(world.journal)).toEqual(why === "" ? ["wipe"] : []);
  });

  test("whose review cannot be read does nothing, not even what needs none", async () => {
    const world = new World(ANDROID, null);
    const broken = () => {
      throw new ConfigurationError("it is damaged");
    };

    const sync = upOf(world, broken).perform(inputsFor(lifecycleRequest(["syncDevice"]), ANDROID));

    await expect(sync).rejects.toThrow("it is damaged");
    expect(posts(world.journal)).toEqual([]);
  });
});

describe("the review that a process reads", () => {
  const text = renderReview(ofDouble());

  async function named(content: string, hash: string): Promise<NodeJS.ProcessEnv> {
    const file = path.join(await temporaryFolder(), "review.json");
    await writeFile(file, content);
    return { [REVIEWED]: file, [REVIEWED_SHA256]: hash };
  }

  test("is the one that the run was started with", async () => {
    expect(readReviewed(await named(text, sha256(text)))).toEqual(ofDouble());
    expect(readReviewed({})).toBeNull();
  });

  test.each<[string, string, string, RegExp]>([
    ["another one", renderReview(ofDouble({ commit: null })), sha256(text), /is not the review that this run was started with/],
    ["one without its SHA-256", text, "", /is not the review that this run was started with/],
    ["one that is none", "{}", sha256("{}"), /is no review/],
  ])("is never %s", async (_, content, hash, why) => {
    const env = await named(content, hash);

    expect(() => readReviewed(env)).toThrow(ConfigurationError);
    expect(() => readReviewed(env)).toThrow(why);
  });

  test("is not nothing where its file is gone", () => {
    expect(() => readReviewed({ [REVIEWED]: "/nowhere/review.json", [REVIEWED_SHA256]: sha256(text) })).toThrow(
      /cannot be read; nothing was sent/,
    );
    expect(() => readReviewed({ [REVIEWED_SHA256]: sha256(text) })).toThrow(ConfigurationError);
  });

  test("is of the run's own stack", () => {
    expect(() => refuseOtherStack(ofDouble(), "prod")).not.toThrow();
    expect(() => refuseOtherStack(ofDouble(), "dev")).toThrow(/is of stack prod, and this run is of dev; nothing was sent/);
  });
});

import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { EscrowError, LedgerError } from "../../providers/domain/errors.ts";
import { failureOf, withoutStack } from "../../providers/pulumi/provider/failure.ts";
import { Session } from "../../providers/pulumi/provider/session.ts";
import { World } from "../support/fakes.ts";
import { inputsFor, NO_GUARD } from "../support/fakes-pulumi.ts";
import { begun } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Nobody ever said that it is one. */
const SECRET = "4K7Q1-9XWZP";
const SURROUNDINGS = { root: await temporaryFolder(), env: {} };
const REQUEST = lifecycleRequest(UNLOCK_AND_WIPE);
const INPUTS = { ...inputsFor(REQUEST), __provider: "exports.handler=()=>0" };
const DOWN = new EscrowError("the vault cannot be reached", { hint: "try again" });

function sessionOf(world: World): Session {
  return new Session(world.ports, world.settings(), NO_GUARD);
}

describe("what Pulumi is thrown", () => {
  test("keeps nothing while nothing was begun", async () => {
    const failure = await failureOf(DOWN, { id: "name", inputs: INPUTS, session: sessionOf(new World()) }, SURROUNDINGS);

    expect(failure.message).toBe("the vault cannot be reached\n  help: try again");
    expect(Object.keys(failure)).not.toContain("properties");
  });

  test("keeps what was done once something was, with the provider's own text", async () => {
    const world = new World();
    world.ledger.put(begun(jobOf(REQUEST).plan));

    const failure = await failureOf(DOWN, { id: "name", inputs: INPUTS, session: sessionOf(world) }, SURROUNDINGS);

    expect(failure).toMatchObject({
      id: "name",
      reasons: ["the vault cannot be reached\n  help: try again"],
      properties: { outcome: "pending", __provider: INPUTS.__provider, request: { name: REQUEST.name } },
    });
  });

  test("is the first failure where the ledger breaks as well", async () => {
    const world = new World();
    world.ledger.recordsOf = async () => {
      throw new LedgerError("the disk is gone");
    };

    const failure = await failureOf(DOWN, { id: "name", inputs: INPUTS, session: sessionOf(world) }, SURROUNDINGS);

    expect(failure.message).toContain("the vault cannot be reached");
  });

  test("is told where no session could be opened", async () => {
    expect((await failureOf(DOWN, { id: "name", inputs: INPUTS, session: undefined }, SURROUNDINGS)).message).toContain(
      "the vault cannot be reached",
    );
  });

  test("has no stack for people to wade through, and keeps its cause", () => {
    const failure = withoutStack(DOWN, SURROUNDINGS);

    expect(failure.stack).toBe("");
    expect(failure.cause).toBe(DOWN);
  });

  test("is the message of an error of ours, without a hint where there is none", () => {
    expect(withoutStack(new LedgerError("no hint"), SURROUNDINGS).message).toBe("no hint");
  });

  test.each([new TypeError(`cannot read ${SECRET}`), `a text with ${SECRET}`, { toString: () => SECRET }])(
    "is not what any other error says, nor that error: %#",
    async (thrown) => {
      const world = new World();
      world.ledger.put(begun(jobOf(REQUEST).plan));

      const failure = await failureOf(thrown, { id: "name", inputs: INPUTS, session: sessionOf(world) }, SURROUNDINGS);

      expect(failure.message).toMatch(
        /^DLR901: unexpected error \((TypeError|thrown \w+)\); details: \.device-lifecycle\/log\/.*; please report it$/,
      );
      expect(failure).toMatchObject({ reasons: [failure.message], properties: { outcome: "pending" } });
      expect(inspect(failure, { depth: null })).not.toContain(SECRET);
      expect(failure.cause).toBeUndefined();
    },
  );

  test("is the first failure where a bug stands behind the ledger, too", async () => {
    const world = new World();
    world.ledger.recordsOf = async () => {
      throw new TypeError(SECRET);
    };

    const failure = await failureOf(DOWN, { id: "name", inputs: INPUTS, session: sessionOf(world) }, SURROUNDINGS);

    expect(failure.message).toContain("the vault cannot be reached");
  });
});

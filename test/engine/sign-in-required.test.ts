import { describe, expect, test } from "@jest/globals";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { historyOf, stepOf } from "../../providers/engine/history.ts";
import { World } from "../support/fakes.ts";
import { SIGN_IN_REQUIRED } from "../support/fakes-graph.ts";
import { posts } from "../support/fakes-journal.ts";
import { intent, result, sent } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { decide, finish, type Row, send, TOO_LATE } from "../support/fakes-situation.ts";

const UNLOCK = jobOf(lifecycleRequest(UNLOCK_AND_WIPE));
const stateOf = (records: readonly RequestRecord[]) => stepOf(historyOf(records), { index: 0 });
const REFUSED = sent(0, "signInRequired");

const ROWS: readonly Row[] = [
  { name: "waits for a sign-in in the run that sent it", sent: [0], decision: finish("awaitingSignIn", "PermissionMissing") },
  { name: "is sent again by the next run, whoever signs in", decision: send(0) },
  { name: "is not sent again where nothing is started", followOnly: true, decision: finish("awaitingSignIn", "PermissionMissing") },
  { name: "is not sent again after the request's end", now: TOO_LATE, decision: finish("expired", "Expired") },
].map((row) => ({ steps: ["bypassActivationLock"], records: REFUSED, ...row }));

describe("a call that Graph refused to the identity", () => {
  test.each(ROWS)("$name", (row) => {
    expect(decide(row)).toMatchObject(row.decision);
  });

  test("is in doubt again once it is sent again", () => {
    const again = intent(0, { attempt: 2 });

    expect(stateOf(REFUSED).kind).toBe("signInRequired");
    expect(stateOf([...REFUSED, again]).kind).toBe("inDoubt");
    expect(stateOf([...REFUSED, again, result(0, "accepted", { attempt: 2 })]).kind).toBe("accepted");
  });

  test("makes the request wait, with what was done kept, and go on after the sign-in", async () => {
    const world = new World();
    world.graph.answer("bypassActivationLock", SIGN_IN_REQUIRED);

    const waiting = await world.run(UNLOCK);
    const sentBefore = posts(world.journal);
    const done = await world.run(UNLOCK);

    expect(waiting).toMatchObject({
      outcome: "awaitingSignIn",
      message: expect.stringMatching(/^bypassActivationLock needs Some\.Permission; sign in with: .\/dlr login/),
      bypassCode: { reference: "memory:1" },
    });
    expect(waiting.steps.map(({ status }) => status)).toEqual(["done", "waiting", "waiting"]);
    expect(sentBefore).toEqual(["bypassActivationLock"]);
    expect(done.outcome).toBe("succeeded");
    expect(posts(world.journal)).toEqual(["bypassActivationLock", "bypassActivationLock", "wipe"]);
  });
});

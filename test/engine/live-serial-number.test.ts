import { describe, expect, test } from "@jest/globals";
import { World } from "../support/fakes.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { posts } from "../support/fakes-journal.ts";
import { begun, finished, intent, outcome, result } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";

const OTHER_ID = "00000000-0000-4000-8000-0000000000ff";
/** Planned while Intune did not know the serial number yet. */
const JOB = jobOf(lifecycleRequest(["escrowBypassCode", "wipe"]), { ...IPAD, serialNumber: null });

/** The same iPad, enrolled under another id then, was wiped by another request. */
function wipedBefore(serialNumber: string | null) {
  const device = { id: OTHER_ID, serialNumber, enrolledDateTime: "2025-01-05T08:00:00Z" };
  const key = "an-older-request#1";
  const plan = { ...jobOf(lifecycleRequest(["wipe"], { name: "an-older-request" })).plan, device };
  return [
    begun(plan),
    intent(0, { key, device }),
    result(0, "accepted", { key }),
    finished(0, "done", { key }),
    outcome("succeeded", { key }),
  ];
}

describe("a device whose serial number its plan does not have", () => {
  test("is not wiped again when it bears the serial number of one that another request wiped", async () => {
    const world = new World();
    world.ledger.put(...wipedBefore(IPAD.serialNumber));

    const report = await world.run(JOB);

    expect(report).toMatchObject({ outcome: "failed", reason: "AlreadyDestroyed" });
    expect(posts(world.journal)).toEqual([]);
  });

  test("is wiped when the ledger knows no other with its serial number", async () => {
    const world = new World();
    world.ledger.put(...wipedBefore("ANOTHER1"));

    const report = await world.run(JOB);

    expect(report).toMatchObject({ outcome: "succeeded" });
    expect(posts(world.journal)).toEqual(["wipe"]);
  });
});

import { afterEach, describe, expect, test } from "@jest/globals";
import { action } from "../graph/graph-fixture.ts";
import { ANDROID } from "../support/fakes-devices.ts";
import { memoryEscrow } from "./breakable-escrow.ts";
import type { Strike } from "./fault-case.ts";
import { Stage } from "./stage.ts";
import { subject } from "./subject.ts";

const open: Stage[] = [];

afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close();
});

async function stageOf(name: string): Promise<Stage> {
  const escrow = memoryEscrow();
  const stage = await Stage.open(subject(action(name), { ...ANDROID, isSupervised: false }), () => escrow.open());
  open.push(stage);
  return stage;
}

const NEVER: Strike = { call: "act", effect: { kind: "result", state: "never" } };
const page = (...nth: readonly number[]): Strike => ({ call: "read", nth, effect: { kind: "status", status: 404, body: "html" } });
const AFTERWARDS = Array.from({ length: 40 }, (_, index) => index + 2);

describe("an Android whose new passcode is waited for, behind a proxy that answers with a 404 page of its own", () => {
  test("a few times: the passcode is in escrow at the end of the run", async () => {
    const stage = await stageOf("resetPasscode");
    stage.strike([page(2, 3, 4)]);

    const up = await stage.up();

    expect(up).toMatchObject({ outcome: "succeeded" });
    expect(stage.witness.escrowed).toHaveLength(1);
    expect(await stage.witness.brokenPromises(up.report)).toEqual([]);
  });

  test("for the rest of the run: the request waits, and the next up puts the passcode into escrow", async () => {
    const stage = await stageOf("resetPasscode");
    stage.strike([page(...AFTERWARDS)]);

    const first = await stage.up();
    stage.emulator.clearFaults();
    const second = await stage.up();

    expect(first).toMatchObject({ outcome: "pending", color: "yellow" });
    expect(second).toMatchObject({ outcome: "succeeded" });
    expect(stage.posts).toBe(1);
    expect(stage.witness.escrowed).toHaveLength(1);
    expect(await stage.witness.brokenPromises(second.report)).toEqual([]);
  });
});

describe("a device that was wiped, and that really left", () => {
  test("has left once it was looked for by a GET of its own and in the list, and not before", async () => {
    const stage = await stageOf("wipe");
    const start = stage.clock.now();

    const up = await stage.up();

    const { requests } = stage.emulator;
    const kinds = requests.map(({ kind }) => kind);
    const own = requests.at(-2);
    expect(up).toMatchObject({ outcome: "succeeded", report: { steps: [{ detail: "the device left Intune after Graph took it" }] } });
    expect(kinds.filter((kind) => kind === "list")).toHaveLength(1);
    expect(kinds.slice(-2)).toEqual(["read", "list"]);
    expect(own).toMatchObject({ batched: false, deviceId: ANDROID.id, status: 404 });
    expect(stage.clock.now() - start).toBeGreaterThanOrEqual(2_000);
  });

  test("and came back as another object is told with its new id", async () => {
    const stage = await stageOf("wipe");
    stage.strike([NEVER]);
    await stage.up();
    stage.emulator.reenrol(ANDROID.id);
    const [anew] = stage.emulator.devices().filter(({ serialNumber }) => serialNumber === ANDROID.serialNumber);

    const second = await stage.up();

    expect(second).toMatchObject({ outcome: "succeeded" });
    expect(second.report?.steps[0]?.detail).toContain(`its serial number is enrolled anew, under the id ${anew?.id}`);
  });
});

test("a device that is there is never looked for in a list, however long it is followed", async () => {
  const stage = await stageOf("wipe");
  stage.strike([NEVER]);

  expect(await stage.up()).toMatchObject({ outcome: "pending" });
  expect(stage.emulator.requests.filter(({ kind }) => kind === "list")).toEqual([]);
});

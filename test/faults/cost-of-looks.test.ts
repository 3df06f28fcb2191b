import { expect, test } from "@jest/globals";
import type { RecordedRequest } from "../../emulator/graph/journal.ts";
import { startEmulator } from "../../emulator/graph/start-emulator.ts";
import type { ManagedDevice } from "../../providers/domain/managed-device.ts";
import { reconcile } from "../../providers/engine/reconcile.ts";
import { graphAt } from "../graph/graph-fixture.ts";
import { World } from "../support/fakes.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";

const AT_ONCE = 64;
const NO_LIMITS = { writesPerWindow: 10_000, callsPerWindow: 100_000 };

/** Runs so many wipes of iPads by one process, without waiting for what the devices report. */
async function wipeAll(count: number) {
  const world = new World(null);
  const devices = Array.from({ length: count }, (_, index) => deviceOf(index));
  const emulated = devices.map(({ id, serialNumber, operatingSystem, model, isSupervised, enrolledDateTime }) => {
    return { id, serialNumber, operatingSystem, model, isSupervised, enrolledDateTime };
  });
  const emulator = await startEmulator({ devices: emulated, clock: () => world.clock.now(), throttle: "off" });
  try {
    const { directory, actions, graphClock } = graphAt(emulator.url, { clock: world.clock, limits: NO_LIMITS });
    const ports = { ...world.ports, directory, actions, graphClock };
    const settings = world.settings({ waitMs: 0 });
    const waiting = devices.map((device) => jobOf(lifecycleRequest(["escrowBypassCode", "wipe"], namedFor(device)), device));
    const worker = async (): Promise<string[]> => {
      const job = waiting.shift();
      return job === undefined ? [] : [(await reconcile(job, ports, settings)).reason, ...(await worker())];
    };
    const reasons = (await Promise.all(Array.from({ length: AT_ONCE }, worker))).flat();
    return { reasons, requests: [...emulator.requests] };
  } finally {
    await emulator.close();
  }
}

function deviceOf(index: number): ManagedDevice {
  const end = String(index).padStart(12, "0");
  return {
    ...IPAD,
    enrolledDateTime: "2026-01-05T08:00:00.000Z",
    id: `a1b2c3d4-0000-4000-8000-${end}`,
    serialNumber: `DMPX${end.slice(4)}`,
    deviceName: `iPad ${index}`,
  };
}

function namedFor({ id, serialNumber }: ManagedDevice) {
  return { name: `fleet-${serialNumber?.toLowerCase() ?? id}`, device: { id } };
}

/** The device and its code in one read: nothing else asks for both. */
function isLastLook({ method, path, batched }: RecordedRequest): boolean {
  return method === "GET" && !batched && path.includes("activationLockBypassCode") && path.includes("deviceName");
}

test.each([1, 30, 300])("%s wipes cost one read each beside what their batches share: the last look", async (count) => {
  const { reasons, requests } = await wipeAll(count);
  const wipes = requests.filter(({ method, path }) => method === "POST" && path.endsWith("/wipe"));
  const codes = requests.filter((request) => request.path.includes("activationLockBypassCode") && !isLastLook(request));
  const alone = requests.filter(({ method, batched }) => method === "GET" && !batched);

  expect(new Set(reasons)).toEqual(new Set(["Accepted"]));
  expect(wipes).toHaveLength(count);
  expect(requests.filter(isLastLook)).toHaveLength(count);
  // The step before the wipe reads the code, too.
  expect(codes).toHaveLength(count);
  // One device is never read in a batch.
  if (count > 1) expect(alone.length - 2 * count).toBeLessThan(count / 10);
});

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { PulumiProject } from "../support/pulumi-project.ts";
import "../support/slow-tests.ts";

/** More than the provider works on at once. */
const COUNT = 80;

describe("requests that wait for their devices", () => {
  let emulator: Emulator;
  let project: PulumiProject;
  /** Devices report once it is moved on. */
  let now = Date.now();

  beforeEach(async () => {
    const devices = Array.from({ length: COUNT }, (_, index) => ({
      serialNumber: `PHONE${String(index).padStart(5, "0")}`,
      operatingSystem: "Android",
      osVersion: "15",
    }));
    now = Date.now();
    emulator = await startEmulator({ devices, checkInDelayMs: 60_000, clock: () => now, throttle: "off" });
    project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "3m", maxDisruptive: COUNT });
    await project.write("requests/fleet.csv", ["serialNumber", ...devices.map(({ serialNumber }) => serialNumber), ""].join("\n"));
    await project.write(
      "requests/fleet.yaml",
      "requests:\n  - name: fleet\n    devicesFrom: fleet.csv\n    reason: New passcodes\n    steps: [resetPasscode]\n",
    );
  });
  afterEach(async () => {
    await project.remove();
    await emulator.close();
  });

  /** Calls `then` once so many actions were taken. */
  function after(count: number, then: () => void): void {
    let taken = 0;
    emulator.on("applied", () => {
      taken += 1;
      if (taken === count) then();
    });
  }

  test("keep no other from being sent: each is sent before the first device reports, and all are done", async () => {
    after(COUNT, () => {
      now += 60_000;
    });

    const { code } = await project.npmRun("up", ["--yes", "--skip-preview"]);

    expect(code).toBe(0);
    expect(await project.stackOutputs()).toMatchObject({ summary: { succeeded: COUNT } });
    expect(emulator.actionCalls).toHaveLength(COUNT);
  });

  test("are more than a limit of resources at once: plain Pulumi says so, and what to set", async () => {
    const { code, text } = await project.run(["preview"], { PULUMI_PARALLEL: "4" });

    expect(code).toBe(0);
    expect(text).toContain(`Pulumi works on 4 resources at once, and ${COUNT} requests may wait for their devices`);
    expect((await project.run(["preview"], { PULUMI_PARALLEL: String(COUNT) })).text).not.toContain("at once");
  });

  test("and one interrupt: nothing more is sent, what was sent is followed, the next up does the rest", async () => {
    await project.configure({ graphEndpoint: emulator.url, wait: "1s", maxDisruptive: COUNT });
    // No answer comes before the interrupt has come to the provider.
    emulator.setFault({ call: "resetPasscode", effect: { kind: "slow", delayMs: 5_000 } });
    const stop = emulator.on("request", ({ action }) => {
      if (action === null) return;
      stop();
      process.kill(-(run.child.pid ?? 0), "SIGINT");
    });
    const run = project.startShown("up", ["--yes", "--skip-preview"]);

    const { code, text } = await run.ended;
    const sent = emulator.actionCalls.length;
    const messages = [...(await project.resources()).values()].flatMap(({ outputs }) => outputs.conditions.map(({ message }) => message));
    emulator.clearFaults();
    now += 60_000;
    const next = await project.npmRun("up", ["--yes", "--skip-preview"]);

    expect(code).not.toBe(0);
    expect(text).toContain("update canceled");
    expect(sent).toBeLessThan(COUNT);
    expect(messages.filter((message) => message.includes("interrupted"))).toHaveLength(messages.length - sent);
    expect(next.code).toBe(0);
    expect(emulator.actionCalls).toHaveLength(COUNT);
  });
});

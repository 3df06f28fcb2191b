import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { FakeMachine } from "./fake-tools.ts";
import { SpawnedCommand } from "./spawned-command.ts";

const running: SpawnedCommand[] = [];

afterEach(() => {
  for (const { child } of running.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
});

function install(machine: FakeMachine): SpawnedCommand {
  const command = new SpawnedCommand("pulumi", ["version"], machine.env);
  running.push(command);
  return command;
}

/** A machine whose compile begins, and then waits until `open` is called. */
async function machineWithGate(): Promise<{ machine: FakeMachine; begun: () => Promise<void>; open: () => Promise<void> }> {
  const machine = await FakeMachine.create();
  const gate = path.join(machine.folder, "gate");
  await machine.go(
    "1.26.8",
    `while (!fs.existsSync(${JSON.stringify(gate)})) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);`,
  );
  return {
    machine,
    begun: async () => {
      while (!(await machine.calls("go")).some((call) => call.args[0] === "build")) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    open: () => writeFile(gate, ""),
  };
}

describe("two installs at once", () => {
  test("the second waits, says for whom, and uses what the first made", async () => {
    const { machine, begun, open } = await machineWithGate();

    const first = install(machine);
    await begun();
    const second = install(machine);
    await second.printed(`process ${first.pid} (since `);
    await open();
    const ends = await Promise.all([first.ended, second.ended]);

    expect(ends.map((end) => [end.code, end.stdout])).toEqual([
      [0, "v3.255.0\n"],
      [0, "v3.255.0\n"],
    ]);
    expect((await machine.calls("go")).filter((call) => call.args[0] === "build")).toHaveLength(2);
    expect(await machine.cacheEntries()).toEqual([path.basename(machine.installation)]);
  });

  test("the lock of a killed installer is taken over, and its remains are cleared away", async () => {
    const { machine, begun, open } = await machineWithGate();

    const first = install(machine);
    await begun();
    const second = install(machine);
    await second.printed("waiting for it");
    first.child.kill("SIGKILL");
    await first.ended;
    const between = existsSync(machine.installation);
    await open();
    const end = await second.ended;

    expect(between).toBe(false);
    expect(end).toMatchObject({ code: 0, stdout: "v3.255.0\n" });
    expect(await machine.cacheEntries()).toEqual([path.basename(machine.installation)]);
  });
});

describe("an installer that is stopped", () => {
  test("by kill -9 leaves nothing that a later run would use", async () => {
    const { machine, begun, open } = await machineWithGate();

    const killed = install(machine);
    await begun();
    killed.child.kill("SIGKILL");
    await killed.ended;
    const afterKill = existsSync(machine.installation);
    await open();
    const again = await install(machine).ended;

    expect(afterKill).toBe(false);
    expect(again).toMatchObject({ code: 0, stdout: "v3.255.0\n" });
    expect(again.stderr).toContain("compiling the Pulumi CLI");
    expect(await machine.cacheEntries()).toEqual([path.basename(machine.installation)]);
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("by %s cleans up, ends its children and exits with %i", async (signal, code) => {
    const { machine, begun } = await machineWithGate();

    const stopped = install(machine);
    await begun();
    stopped.child.kill(signal);
    const end = await stopped.ended;

    expect(end.code).toBe(code);
    expect(end.stderr).toContain("the installation was stopped; nothing half-made is kept");
    expect(await machine.cacheEntries()).toEqual([]);
  });

  test("remains of earlier installers do not count as an installation", async () => {
    const machine = await FakeMachine.create();
    await machine.go();
    await mkdir(`${machine.installation}.part-abc123`, { recursive: true });

    const end = await install(machine).ended;

    expect(end.code).toBe(0);
    expect(await machine.cacheEntries()).toEqual([path.basename(machine.installation)]);
  });
});

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { startEmulator } from "../../emulator/start-emulator.ts";
import { PulumiProject } from "../support/pulumi-project.ts";
import { throughPrism } from "../support/through-prism.ts";

const prism = throughPrism();

const REQUEST = `requests:
  - name: returned
    device: { serialNumber: DMPXK2ABCDEF }
    steps: [escrowBypassCode, bypassActivationLock, { waitFor: done }, wipe]
    reason: Leaver returned the iPad
    expires: 2099-12-31
    acknowledge: [dataLoss, physicalPossession]
`;

test("a provider whose engine was killed sends nothing more and ends; the next up goes on", async () => {
  const emulator = await startEmulator({ checkInDelayMs: 60_000 });
  const project = await PulumiProject.create({ graphEndpoint: prism.endpointOf(emulator), wait: "1h" });
  try {
    await project.write("requests/a.yaml", REQUEST);
    const bypassed = new Promise<void>((resolve) => {
      emulator.on("answered", (call) => {
        if (call.action === "bypassActivationLock") resolve();
      });
    });
    const engine = project.start(["up", "--yes", "--skip-preview"]);
    await Promise.race([
      bypassed,
      once(engine, "exit").then(([code]) => Promise.reject(new Error(`the engine ended with ${code} before the bypass`))),
    ]);
    const { providers, others } = processesBelow(engine.pid ?? 0);
    engine.kill("SIGKILL");
    await once(engine, "exit");
    await untilEnded(providers);
    for (const pid of others.filter(isAlive)) process.kill(pid, "SIGKILL");
    emulator.checkIn("DMPXK2ABCDEF");
    const sentByDeadRun = emulator.actionCalls.map((call) => call.action);
    const cancel = await project.run(["cancel", "--yes"]);
    const unfinished = emulator.on("applied", () => emulator.checkIn("DMPXK2ABCDEF"));
    const up = await project.up();
    unfinished();

    expect(providers.length).toBeGreaterThan(0);
    expect(sentByDeadRun).toEqual(["bypassActivationLock"]);
    expect(cancel.code).toBe(0);
    expect(up).toMatchObject({ code: 0 });
    expect((await project.resources()).get("returned")?.outputs.outcome).toBe("succeeded");
    expect(emulator.actionCalls.map((call) => call.action)).toEqual(["bypassActivationLock", "wipe"]);
  } finally {
    await project.remove();
    await emulator.close();
  }
});

/** Process ids of dynamic providers anywhere below a process, and of all else there, such as the language host. */
function processesBelow(root: number): { readonly providers: readonly number[]; readonly others: readonly number[] } {
  const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .flatMap((match) => (match === null ? [] : [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3] ?? "" }]));
  const below = new Set([root]);
  for (let size = 0; size !== below.size; ) {
    size = below.size;
    for (const { pid, parent } of rows) if (below.has(parent)) below.add(pid);
  }
  const isProvider = ({ command }: { readonly command: string }) => command.includes("dynamic-provider");
  const found = rows.filter(({ pid }) => below.has(pid) && pid !== root);
  return {
    providers: found.filter(isProvider).map(({ pid }) => pid),
    others: found.filter((row) => !isProvider(row)).map(({ pid }) => pid),
  };
}

/** Hangs, and so fails by the test's own limit, when one of them goes on. */
async function untilEnded(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await sleep(100);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

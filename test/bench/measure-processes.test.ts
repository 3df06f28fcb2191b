import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { descendants, measureProcesses, parseStat } from "../../bench/measure-processes.ts";

const run = promisify(execFile);

describe("parseStat", () => {
  test("reads a name with blanks and parentheses", () => {
    const line = "42 (a) b (c)) S 7 42 42 0 -1 4194304 1 2 3 4 50 6 700 8 20 0 1 0 987 1 2";

    expect(parseStat(line)).toEqual({ pid: 42, parent: 7, ticks: 56, waitedTicks: 708, started: 987 });
  });
});

describe("descendants", () => {
  test("are children and theirs, and nobody else", () => {
    const all = [
      [2, 1],
      [3, 2],
      [4, 3],
      [5, 1],
      [6, 5],
    ].map(([pid = 0, parent = 0]) => ({ pid, parent, ticks: 0, waitedTicks: 0, started: 0 }));

    expect(descendants(all, 2).map(({ pid }) => pid)).toEqual([3, 4]);
  });
});

describe("measureProcesses", () => {
  const BUSY = "const end = process.cpuUsage().user + 400_000; while (process.cpuUsage().user < end);";

  test("counts the processor time and memory of a process that a process started", async () => {
    const script = `require("node:child_process").execFileSync(process.execPath, ["-e", ${JSON.stringify(BUSY)}])`;

    const { usage } = await measureProcesses(() => run(process.execPath, ["-e", script]));

    expect(usage.cpuSeconds).toBeGreaterThan(0.39);
    expect(usage.seconds).toBeGreaterThan(0.39);
    expect(usage.peakMiB).toBeGreaterThan(10);
  });

  test("leaves out this process, and what was before", async () => {
    const { result, usage } = await measureProcesses(async () => {
      const end = process.cpuUsage().user + 100_000;
      while (process.cpuUsage().user < end);
      return "done";
    });

    expect(result).toBe("done");
    // Far less than the 0.1 seconds: what other processes below this one did meanwhile.
    expect(usage.cpuSeconds).toBeLessThan(0.05);
  });

  test("leaves out what a process that runs already did before", async () => {
    const busyThenIdle = `${BUSY} console.log("busy no more"); process.stdin.resume();`;
    const earlier = spawn(process.execPath, ["-e", busyThenIdle], { stdio: ["pipe", "pipe", "inherit"] });
    const ended = new Promise((resolve) => earlier.once("close", resolve));
    await new Promise((resolve) => earlier.stdout.once("data", resolve));

    const { usage } = await measureProcesses(async () => {});
    earlier.stdin.end();
    await ended;

    expect(usage.cpuSeconds).toBeLessThan(0.2);
  });
});

import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "@jest/globals";
import type { Report } from "../../bench/docs-section.ts";
import { SpawnedCommand } from "../cli/spawned-command.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

test("npm run bench measures in one run, keeps the figures, and prints goals", async () => {
  const file = path.join(await temporaryFolder(), "figures", "one.json");

  const args = ["--sizes", "1", "--rounds", "1", "--no-warm-up", "--contenders", "script-batch,bare", "--json", file];
  const env = Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const run = await new SpawnedCommand("../bench/bench.ts", args, env).ended;

  expect(run).toMatchObject({ code: 0 });
  expect(run.stdout).toMatch(/\| preview of 1,000, to the bare engine \| ≤ 1\.20 × \| – \| not measured \|/);
  const { figures, machine }: Report = JSON.parse(await readFile(file, "utf8"));
  expect(figures.samples.map(({ contender, operation }) => `${contender} ${operation}`)).toEqual([
    "bare preview",
    "script-batch up",
    "bare up",
    "bare idlePreview",
    "bare idleUp",
    "bare refresh",
  ]);
  for (const { cpuSeconds, peakMiB } of figures.samples) expect(Math.min(cpuSeconds, peakMiB)).toBeGreaterThan(0);
  // Find and read, each a batch of one.
  expect(figures.samples.find(({ contender }) => contender === "script-batch")?.graphCalls).toBe(2);
  expect(machine.pulumi).toMatch(/^3\./);
});

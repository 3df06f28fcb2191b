import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { runCommand } from "../cli/support/run-command.ts";
import { checkOut, pairsOf, renderPairs } from "./against.ts";
import { chosen, contendersOf } from "./contenders.ts";
import { type Report, renderSection, replaceSection } from "./docs-section.ts";
import type { Figures } from "./figures.ts";
import { judge } from "./goals.ts";
import { interruptible } from "./interruption.ts";
import { LIMIT_CASES, runLimitCase } from "./limits.ts";
import { lookAtMachine } from "./machine.ts";
import type { Contender } from "./operations.ts";
import { type BenchOptions, benchCommand } from "./options.ts";
import { renderChart } from "./render-chart.ts";
import { renderGoals, renderLimits, renderMeasure, renderStates } from "./render-table.ts";
import { runRound, warmUp } from "./run-rounds.ts";

const DOCS = path.resolve(import.meta.dirname, "../docs");
const say = (line: string) => console.error(line);

await runCommand(
  benchCommand((options) =>
    interruptible((signal) => (options.against === undefined ? bench(options, signal) : compare(options, options.against, signal))),
  ),
);

/** Everything in turn; the goals last, each with what was found. */
async function bench(options: BenchOptions, signal: AbortSignal): Promise<void> {
  const machine = await lookAtMachine();
  say(`load ${machine.load.toFixed(1)}, commit ${machine.commit}, Node ${machine.node}, Pulumi ${machine.pulumi}`);
  const rounds = await measureAll(chosen(contendersOf(options.modes), options.contenders), options, signal);
  const limits = [];
  for (const limit of options.limits ? LIMIT_CASES : []) {
    signal.throwIfAborted();
    say(`${limit.requests} ${limit.mode} under Intune's limits`);
    limits.push(await runLimitCase(limit, options.graphDelay));
  }
  const report: Report = { machine, rounds: options.rounds, graphDelay: options.graphDelay, figures: { ...rounds, limits } };
  await keep(report, options);
  const verdicts = judge(report.figures, options.by);
  console.log(printed(report.figures, renderGoals(verdicts)));
  if (options.strict && verdicts.some(({ holds }) => holds === false)) process.exitCode = 1;
}

/** Ratios of this commit to another one, above one where this one takes more. */
async function compare(options: BenchOptions, ref: string, signal: AbortSignal): Promise<void> {
  const other = await checkOut(ref);
  try {
    const rounds = await measureAll(pairsOf(options.modes, other.root), options, signal);
    const figures = { ...rounds, limits: [] };
    if (options.json !== undefined) await writeJson(options.json, { against: ref, machine: await lookAtMachine(), figures });
    console.log(`this commit to ${ref}, median and spread of pairs: seconds, processor time, memory`);
    for (const line of renderPairs(figures, options.modes)) console.log(line);
  } finally {
    await other.remove();
  }
}

async function measureAll(contenders: readonly Contender[], options: BenchOptions, signal: AbortSignal): Promise<Omit<Figures, "limits">> {
  if (options.warmUp) await warmUp(contenders);
  const all = [];
  for (let round = 0; round < options.rounds; round += 1) {
    for (const size of options.sizes) {
      say(`round ${round + 1} of ${options.rounds}, ${size} requests`);
      all.push(await runRound(contenders, { size, graphDelay: options.graphDelay }, round, { say, signal }));
    }
  }
  return { samples: all.flatMap(({ samples }) => samples), states: all.flatMap(({ states }) => states) };
}

async function keep(report: Report, { json, writeDocs, by }: BenchOptions): Promise<void> {
  if (json !== undefined) await writeJson(json, report);
  if (!writeDocs) return;
  const page = path.join(DOCS, "performance.md");
  await writeFile(path.join(DOCS, "images", "performance.svg"), renderChart(report.figures, by));
  await writeFile(page, replaceSection(await readFile(page, "utf8"), renderSection(report, by)));
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await mkdir(path.dirname(path.resolve(file)), { recursive: true });
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}

function printed(figures: Figures, goals: string): string {
  const tables = [
    ["seconds", renderMeasure(figures, "seconds")],
    ["processor time", renderMeasure(figures, "cpuSeconds")],
    ["MiB", renderMeasure(figures, "peakMiB")],
    ["Graph calls", renderMeasure(figures, "graphCalls")],
    ["bytes of state", renderStates(figures)],
    ...(figures.limits.length === 0 ? [] : [["Intune's limits", renderLimits(figures)]]),
    ["goals", goals],
  ];
  return tables.map(([title, table]) => `${title}\n${table}\n`).join("\n");
}

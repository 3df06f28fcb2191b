import { type Figures, sizesOf } from "./figures.ts";
import { judge, type TimeMeasure, type Verdict } from "./goals.ts";
import type { Machine } from "./machine.ts";
import { measureName, renderGoals, renderLimits, renderMeasure, renderStates } from "./render-table.ts";

const BEGIN = "<!-- bench: begin -->";
const END = "<!-- bench: end -->";

/** What `--json` writes, and what the page is written from. */
export interface Report {
  readonly machine: Machine;
  readonly rounds: number;
  readonly graphDelay: number;
  readonly figures: Figures;
}

/**
 * Puts the section in place of what stands between the marks. Throws `RangeError` for a page
 * without both.
 */
export function replaceSection(page: string, section: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin === -1 || end < begin) throw new RangeError(`the page lacks ${BEGIN} and ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n${section}\n${page.slice(end)}`;
}

/** The section of docs/performance.md: chart, goals, tables, and what they show. */
export function renderSection(report: Report, measure: TimeMeasure): string {
  const { figures } = report;
  const verdicts = judge(figures, measure);
  return [
    conditionsOf(report),
    "![Time by number of requests, for a script, the bare engine and this program](images/performance.svg)",
    sayVerdicts(verdicts),
    `Goals, judged by ${measureName(measure)}:`,
    renderGoals(verdicts),
    "Seconds: median, lowest to highest, ratio to the bare engine in the same round.",
    renderMeasure(figures, "seconds"),
    "Processor time of all processes, seconds:",
    renderMeasure(figures, "cpuSeconds"),
    "Highest memory of all processes at one moment, MiB:",
    renderMeasure(figures, "peakMiB"),
    "Graph calls, a `$batch` counted as one:",
    renderMeasure(figures, "graphCalls"),
    "State of a request, bytes:",
    renderStates(figures),
    ...(figures.limits.length === 0 ? [] : ["Under Intune's limits of 200 writes in 20 seconds:", renderLimits(figures)]),
  ].join("\n\n");
}

function conditionsOf({ machine, rounds, graphDelay, figures }: Report): string {
  const sizes = sizesOf(figures).map((size) => size.toLocaleString("en-US"));
  return [
    `\`npm run bench\` on ${machine.at.slice(0, 10)}, commit ${machine.commit}: ${sizes.join(", ")} requests, rounds: ${rounds}, in turn,`,
    `a Graph that takes ${graphDelay} ms a call, ${machine.processors} processors (${machine.processor}),`,
    `load before it ${machine.load.toFixed(1)}; Node ${machine.node}, Pulumi ${machine.pulumi} with SDK ${machine.sdk}.`,
    "`bare` is the same engine and settings with an empty dynamic resource in place of each request. `dlr` is",
    "`dlr preview --save-review`, then `dlr up --reviewed`. `real-path` takes itself for a run against Microsoft: no guard is exempt.",
  ].join("\n");
}

function sayVerdicts(verdicts: readonly Verdict[]): string {
  const failed = verdicts.filter(({ holds }) => holds === false);
  const held = verdicts.filter(({ holds }) => holds === true).length;
  const unknown = verdicts.length - failed.length - held;
  const names = failed.length === 0 ? "" : `\n\nNot held:\n${failed.map(({ goal }) => `- ${goal.name}`).join("\n")}`;
  return `Goals: ${verdicts.length}. Held: ${held}, not held: ${failed.length}, not measured: ${unknown}.${names}`;
}

import { contendersIn, type Figures, type Measure, type Place, sizesOf, valuesOf } from "./figures.ts";
import { type Goal, type TimeMeasure, toBare, type Verdict } from "./goals.ts";
import { OPERATIONS, type Operation } from "./operations.ts";
import { spreadOf } from "./statistics.ts";

const DIGITS: Readonly<Record<Measure, number>> = { seconds: 2, cpuSeconds: 2, peakMiB: 0, graphCalls: 0 };

/**
 * A Markdown table of one measure: a row for each contender and operation, a column for each size.
 */
export function renderMeasure(figures: Figures, measure: Measure): string {
  const sizes = sizesOf(figures);
  const rows = (Object.keys(OPERATIONS) as Operation[]).flatMap((operation) =>
    contendersIn(figures).flatMap((contender) => {
      const cells = sizes.map((size) => cell(figures, { contender, size, operation }, measure));
      return cells.every((one) => one === "") ? [] : [[OPERATIONS[operation], contender, ...cells]];
    }),
  );
  return markdownTable([["", "", ...sizes.map(grouped)], ...rows]);
}

/** Median, then the spread, then the ratio to the bare engine. */
function cell(figures: Figures, place: Place, measure: Measure): string {
  const values = valuesOf(figures, place, measure);
  if (values.length === 0) return "";
  const { median, lowest, highest } = spreadOf(values);
  const shown = (value: number) => value.toFixed(DIGITS[measure]);
  const spread = lowest === highest ? "" : ` (${shown(lowest)}–${shown(highest)})`;
  const toEngine = measure === "graphCalls" || place.contender === "bare" ? null : toBare(figures, place, measure);
  return `${shown(median)}${spread}${toEngine === null ? "" : `, ${toEngine.toFixed(2)} ×`}`;
}

/** Each goal, what was found, and whether it holds. */
export function renderGoals(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ goal, value, holds }) => [
    goal.name,
    `≤ ${amount(goal, goal.limit)}`,
    shownValue(goal, value),
    wordOf(holds),
  ]);
  return markdownTable([["goal", "at most", "found", ""], ...rows]);
}

/** Runs under Intune's limits, with the time that they allow. */
export function renderLimits({ limits }: Figures): string {
  const rows = limits.map((one) => [
    `${grouped(one.requests)} ${one.name}`,
    `${one.seconds.toFixed(1)} s`,
    `${one.allowedSeconds.toFixed(1)} s`,
    String(one.refused),
    String(one.unfinished),
  ]);
  return markdownTable([["", "took", "limits allow", "refused", "not ended"], ...rows]);
}

/** Median bytes of a request in state. */
export function renderStates(figures: Figures): string {
  const sizes = sizesOf(figures);
  const contenders = [...new Set(figures.states.map(({ contender }) => contender))];
  const rows = contenders.map((contender) => [
    contender,
    ...sizes.map((size) => {
      const bytes = figures.states.filter((one) => one.contender === contender && one.size === size).map((one) => one.bytes);
      return bytes.length === 0 ? "" : grouped(Math.round(spreadOf(bytes).median));
    }),
  ]);
  return markdownTable([["", ...sizes.map(grouped)], ...rows]);
}

/** What the measure of goals is called. */
export function measureName(measure: TimeMeasure): string {
  return measure === "seconds" ? "seconds" : "processor time of all processes";
}

/** 1000 as `1,000`. */
export function grouped(value: number): string {
  return value.toLocaleString("en-US");
}

function shownValue(goal: Goal, value: number | null): string {
  return value === null ? "–" : amount(goal, value);
}

function amount({ unit }: Goal, value: number): string {
  if (unit === "×") return `${value.toFixed(2)} ×`;
  return unit === "s" ? `${value.toFixed(2)} s` : grouped(value);
}

function wordOf(holds: boolean | null): string {
  if (holds === null) return "not measured";
  return holds ? "holds" : "**does not hold**";
}

function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

import { STANDING_WORDS, STANDINGS } from "../../providers/engine/standing.ts";
import type { Bar, Chart } from "../sheet/sheet.ts";
import type { RequestsReport, Share } from "./report.ts";

const TONES: Readonly<Record<string, Bar["tone"]>> = {
  succeeded: "good",
  ambiguous: "attention",
  failed: "attention",
  expired: "attention",
};

/** More than these, and the rest is one bar. */
const MOST_BARS = 8;

/** Charts of all requests of the period. */
export function requestsCharts({ totals, requests }: Pick<RequestsReport, "totals" | "requests">): readonly Chart[] {
  const { outcome, playbook, ticket, startedBy } = totals.by;
  const charts: readonly Chart[] = [
    {
      title: "How they stand",
      bars: STANDINGS.flatMap((word) => {
        const count = outcome.find(({ value }) => value === word)?.requests ?? 0;
        return count === 0 ? [] : [{ label: STANDING_WORDS[word], count, tone: TONES[word] ?? "neutral" }];
      }),
    },
    { title: "Time to done", bars: timesOf(requests.map(({ secondsToDone }) => secondsToDone)) },
    { title: "Playbook", bars: barsOf(playbook, "own steps"), isText: true },
    { title: "Ticket", bars: barsOf(ticket, "none"), isText: true },
    { title: "Started by", bars: barsOf(startedBy, "not on record"), isText: true },
  ];
  return charts.filter(({ bars }) => bars.length > 0);
}

function barsOf(shares: readonly Share[], none: string): readonly Bar[] {
  const bars = shares.map(({ value, requests: count }): Bar => ({ label: value ?? none, count, tone: "neutral" }));
  if (bars.length <= MOST_BARS) return bars;
  const rest = bars.slice(MOST_BARS - 1);
  const count = rest.reduce((sum, bar) => sum + bar.count, 0);
  return [...bars.slice(0, MOST_BARS - 1), { label: `${rest.length} others`, count, tone: "neutral" }];
}

const LENGTHS = [
  ["within an hour", 3_600],
  ["within a day", 86_400],
  ["within a week", 604_800],
  ["longer", Number.POSITIVE_INFINITY],
] as const;

function timesOf(seconds: readonly (number | null)[]): readonly Bar[] {
  const done = seconds.filter((one) => one !== null);
  if (done.length === 0) return [];
  return LENGTHS.map(([label, most], index): Bar => {
    const least = LENGTHS[index - 1]?.[1] ?? Number.NEGATIVE_INFINITY;
    return { label, tone: "neutral", count: done.filter((one) => one > least && one <= most).length };
  });
}

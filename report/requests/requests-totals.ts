import { STANDING_WORDS, STANDINGS } from "../../providers/engine/standing.ts";
import { thousands } from "../sheet/thousands.ts";
import { durationText } from "./duration-text.ts";
import type { ReportedRequest, RequestsReport, RequestsTotals, Share } from "./report.ts";

/** Counts of these requests; `isWithin` says whether a time is of the period. */
export function totalsOf(requests: readonly ReportedRequest[], isWithin: (at: string) => boolean): RequestsTotals {
  const times = requests
    .flatMap(({ secondsToDone, endedAt }) => (secondsToDone !== null && endedAt !== null && isWithin(endedAt) ? [secondsToDone] : []))
    .sort((a, b) => a - b);
  const [median, longest] = [times[Math.floor((times.length - 1) / 2)], times.at(-1)];
  return {
    requests: requests.length,
    by: {
      outcome: STANDINGS.flatMap((word) => {
        const found = requests.filter(({ outcome }) => outcome === word).length;
        return found === 0 ? [] : [{ value: word, requests: found }];
      }),
      playbook: sharesOf(requests, ({ playbook }) => playbook),
      ticket: sharesOf(requests, ({ ticket }) => ticket),
      startedBy: sharesOf(requests, ({ startedBy }) => startedBy),
    },
    toDone: median === undefined || longest === undefined ? null : { requests: times.length, median, longest },
  };
}

/** The most frequent first; what has none of it last. */
function sharesOf(requests: readonly ReportedRequest[], of: (request: ReportedRequest) => string | null): readonly Share[] {
  return [...Map.groupBy(requests, of)]
    .map(([value, some]) => ({ value, requests: some.length }))
    .sort(
      (a, b) =>
        Number(a.value === null) - Number(b.value === null) || b.requests - a.requests || (String(a.value) < String(b.value) ? -1 : 1),
    );
}

/** Lines for people: how many stand how, how long they took, what people did. */
export function tellRequests(report: RequestsReport): readonly string[] {
  const { totals, chosen, requests, period } = report;
  const stands = totals.by.outcome.map(
    (share) => `${thousands(share.requests)} ${STANDING_WORDS[share.value as keyof typeof STANDING_WORDS]}`,
  );
  const many = `${thousands(totals.requests)} ${totals.requests === 1 ? "request" : "requests"}`;
  return [
    `${many}, ${period.text}${stands.length === 0 ? "" : `: ${stands.join(", ")}`}`,
    ...(totals.toDone === null
      ? []
      : [`done after ${durationText(totals.toDone.median)} (median), the slowest after ${durationText(totals.toDone.longest)}`]),
    tellReveals(report),
    ...tellPeople(report),
    ...(chosen.length === 0 ? [] : [`shown: ${thousands(requests.length)} (${chosen.join(", ")})`]),
  ];
}

/** No file is no proof that nobody was shown anything. */
function tellReveals({ reveals, revealsFrom, revealsUnreadable }: RequestsReport): string {
  if (reveals === null) return `secrets shown: not known, there is no ${revealsFrom}`;
  const shown = reveals.filter(({ action }) => action === "reveal").length;
  const torn = revealsUnreadable === 0 ? "" : `; ${thousands(revealsUnreadable)} lines of ${revealsFrom} cannot be read`;
  return `secrets shown: ${thousands(shown)}${torn}`;
}

function tellPeople({ settlements, brake }: RequestsReport): readonly string[] {
  const stops = brake.filter(({ state }) => state === "stop").length;
  return [
    ...(settlements.length === 0 ? [] : [`settled by a person: ${thousands(settlements.length)}`]),
    ...(brake.length === 0 ? [] : [`brake: ${thousands(stops)} set, ${thousands(brake.length - stops)} taken off`]),
  ];
}

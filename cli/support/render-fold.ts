import { printable } from "../../providers/domain/diagnostic.ts";
import { describeStanding, STANDING_WORDS, STANDINGS, standingOf } from "../../providers/engine/standing.ts";
import { type KnownRequest, newestGenerations } from "./known-requests.ts";

/**
 * `summer 300: 1 failed, 2 pending, 297 done`; each request counts once, as its newest generation
 * stands.
 */
export function renderTally(list: string, requests: readonly KnownRequest[]): string {
  const newest = newestGenerations(requests);
  const byStanding = Map.groupBy(newest, ({ records }) => standingOf(records));
  const counts = STANDINGS.toReversed().flatMap((standing) => {
    const count = byStanding.get(standing)?.length ?? 0;
    return count === 0 ? [] : [`${count} ${STANDING_WORDS[standing]}`];
  });
  return printable(`${list} ${newest.length}: ${counts.join(", ")}`);
}

/**
 * The members of a list that are not done, a line each; those come first that a person has to look
 * at first.
 */
export function renderUndone(requests: readonly KnownRequest[]): readonly string[] {
  return newestGenerations(requests)
    .map(({ key, records }) => ({ key, records, place: STANDINGS.indexOf(standingOf(records)) }))
    .filter(({ place }) => STANDINGS[place] !== "succeeded")
    .sort((a, b) => a.place - b.place)
    .map(({ key, records }) => printable(`  ${key}: ${describeStanding(records)}`));
}

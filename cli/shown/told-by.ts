import type { Review } from "../../review/review.ts";

/** Warnings that the table of a preview shows. */
export function toldBy({ warnings, requests, guards }: Review): ReadonlySet<string> {
  return new Set([...(guards?.hold ? [guards.hold] : []), ...warnings, ...requests.flatMap(({ lacking }) => lacking ?? [])]);
}

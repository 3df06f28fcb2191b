import { printable } from "../../providers/domain/diagnostic.ts";
import type { WaitedFor } from "../../providers/engine/job.ts";
import { count } from "../../providers/support/words.ts";
import { isRed, type RunView } from "./run-view.ts";

/** How long a text about a wait of Graph's stands. */
const SAID_LASTS_MS = 15_000;

/**
 * `213 of 300 done, 2 failed, waiting for 12 devices, 61 s left`: how far a run is, in one line.
 * Times in milliseconds.
 */
export function renderProgress(view: RunView, isPreview: boolean, startedAt: number, now: number): string {
  const seconds = `${Math.round((now - startedAt) / 1000)} s so far`;
  const last = view.last !== null && now - view.last.at < SAID_LASTS_MS ? [view.last.text] : [];
  const { open, performed } = view;
  if (open === null || isPreview) return printable(["looking at requests and devices", ...last, seconds].join(", "));
  const failed = view.standings.filter(isRed).length + view.broken.length;
  const parts = [
    `${performed} of ${Math.max(open, performed)} done`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...WAITS.flatMap(([waitedFor, words]) => waiting(view, waitedFor, words)),
    ...timeLeft(view, now),
    ...last,
    seconds,
  ];
  return printable(parts.join(", "));
}

const WAITS: readonly (readonly [WaitedFor, (number: number) => string])[] = [
  ["report", (number) => `waiting for ${count(number, "device")} to report`],
  ["gone", (number) => `looking again for ${count(number, "device")} that Graph does not show`],
  ["doubt", (number) => `looking what became of ${count(number, "call")} without an answer`],
];

function waiting({ waits }: RunView, waitedFor: WaitedFor, words: (number: number) => string): readonly string[] {
  const number = waits.filter((wait) => wait.for === waitedFor).length;
  return number === 0 ? [] : [words(number)];
}

/** Of the time that the run follows what is pending; nothing is lost when it is over. */
function timeLeft({ waits }: RunView, now: number): readonly string[] {
  const until = Math.max(0, ...waits.map((wait) => wait.until));
  return until <= now ? [] : [`${Math.round((until - now) / 1000)} s left`];
}

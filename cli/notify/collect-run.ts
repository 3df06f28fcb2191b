import type { NotifyEvent } from "../../notify/event.ts";
import { eventOf } from "../../notify/event-id.ts";
import type { RunFile } from "../../notify/run-file.ts";
import { EXIT_CODES } from "../../providers/domain/errors.ts";
import { brakeRule } from "../../providers/rules/run-rules.ts";
import { hideSecrets } from "../../providers/support/hide-secrets.ts";
import type { RunEnd } from "../shown/follow-run.ts";
import type { RunView, Standing } from "../shown/run-view.ts";
import { driftEvents } from "./drift-events.ts";
import { outcomeEvent } from "./outcome-event.ts";

/** When and where a run was. Times in milliseconds since the epoch. */
export interface RunTimes {
  readonly stack: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What a run of `up` has to tell: what is new in it, and nothing that an earlier one has told. */
export function collectRun({ code, view }: Pick<RunEnd, "code" | "view">, times: RunTimes): RunFile {
  const { stack, startedAt, endedAt } = times;
  const at = new Date(endedAt).toISOString();
  const news = view.standings.filter(({ since }) => since !== null && Date.parse(since) >= startedAt);
  const looked = view.standings.filter(({ name }) => view.refreshed.has(name));
  const events = [
    ...news.map((standing) => outcomeEvent(standing, stack, at)),
    ...driftEvents(
      looked.flatMap(({ drift }) => drift),
      stack,
      at,
    ),
    ...brakeEvents(news, stack, at),
    ...runEvents(code, view, stack, at),
  ];
  return { format: 1, stack, at, exitCode: code, totals: totalsOf(view), events };
}

/** A brake that holds many is told once. */
function brakeEvents(news: readonly Standing[], stack: string, at: string): readonly NotifyEvent[] {
  const held = news.filter(({ reason }) => reason === brakeRule.reason);
  const [first] = held;
  if (first === undefined) return [];
  return [eventOf({ kind: "brake", state: "held", reason: first.message, who: null, held: held.map(({ name }) => name) }, stack, at)];
}

const MOST_ERRORS = 3;

/** Where requests ended failed or ambiguous, they say so themselves. */
function runEvents(code: number, { said }: RunView, stack: string, at: string): readonly NotifyEvent[] {
  if (code === 0 || code === EXIT_CODES.outcome) return [];
  const errors = said.filter(({ severity }) => severity === "error").map(({ text }) => hideSecrets(text, process.env));
  return [eventOf({ kind: "run", exitCode: code, errors: errors.slice(0, MOST_ERRORS) }, stack, at)];
}

function totalsOf({ outcomes, standings }: RunView): Readonly<Record<string, number>> {
  const all = new Map<string, string>(Object.entries(outcomes));
  for (const { name, outcome } of standings) all.set(name, outcome);
  return Object.fromEntries([...Map.groupBy(all.values(), (outcome) => outcome)].map(([outcome, some]) => [outcome, some.length]));
}

/** Of a run that its own preview refused: the errors are in its log. */
export function collectRefusal(exitCode: number, stack: string, now: number): RunFile {
  const at = new Date(now).toISOString();
  const event = eventOf({ kind: "run", exitCode, errors: ["the preview was refused, and nothing was sent"] }, stack, at);
  return { format: 1, stack, at, exitCode, totals: {}, events: [event] };
}

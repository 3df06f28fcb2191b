import { DRIFTS } from "../providers/domain/drift.ts";
import { ConfigurationError } from "../providers/domain/errors.ts";
import { OUTCOMES } from "../providers/domain/outcome.ts";
import { didYouMean } from "../providers/support/did-you-mean.ts";
import type { NotifyEvent } from "./event.ts";

/** What can be asked for: outcomes by their names, and the other kinds of event. */
export const WANTED_WORDS = [...OUTCOMES, "drift", "notice", "brake", "foreignAction", "run"] as const;

type WantedWord = (typeof WANTED_WORDS)[number];

/** Everything but what waits: each hour would tell it again, whenever its message changes. */
const DEFAULT = WANTED_WORDS.filter((word) => word !== "pending");

/**
 * Which events are wanted, by a list of words with commas or spaces; undefined or empty: all but
 * `pending`. Throws `ConfigurationError` for a word that is none.
 */
export function wantedIn(text: string | undefined): ReadonlySet<string> {
  const words = (text ?? "").split(/[\s,]+/).filter((word) => word !== "");
  const unknown = words.find((word) => !WANTED_WORDS.some((known) => known === word));
  if (unknown !== undefined)
    throw new ConfigurationError(`DLR_NOTIFY_ON has an unknown word: ${JSON.stringify(unknown)}${didYouMean(unknown, WANTED_WORDS)}`, {
      hint: `write some of: ${WANTED_WORDS.join(", ")}`,
    });
  return new Set(words.length === 0 ? DEFAULT : words);
}

/** A test is always told. */
export function isWanted(event: NotifyEvent, wanted: ReadonlySet<string>): boolean {
  return event.kind === "test" || wanted.has(wordOf(event));
}

function wordOf(event: Exclude<NotifyEvent, { kind: "test" }>): WantedWord {
  if (event.kind === "outcome") return event.outcome;
  if (event.kind === "drift") return DRIFTS[event.finding].weight === "drift" ? "drift" : "notice";
  return event.kind;
}

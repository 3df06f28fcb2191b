import type { NotifyEvent } from "../event.ts";
import { plainText } from "./plain-text.ts";
import { type Urgency, wordsOf } from "./words.ts";

/** One line of a chat's message: every text of it is inert. */
export interface DigestLine {
  readonly urgency: Urgency;
  readonly word: string;
  readonly subject: string;
  readonly text: string;
}

/** What a chat is told of a run, in one message. */
export interface Digest {
  readonly title: string;
  readonly lines: readonly DigestLine[];
  /** Events that have no line. */
  readonly left: number;
}

/** A card is for looking at: the workflow's log, and the webhook, have all of them. */
const MOST_LINES = 20;
const LONGEST_SUBJECT = 120;
const LONGEST_TEXT = 300;
const URGENCIES: readonly Urgency[] = ["red", "yellow", "green"];

/** The urgent first. */
export function digestOf(events: readonly NotifyEvent[], stack: string): Digest {
  const lines = events.map(lineOf).sort((a, b) => URGENCIES.indexOf(a.urgency) - URGENCIES.indexOf(b.urgency));
  const counts = [...Map.groupBy(lines, ({ word }) => word)].map(([word, members]) => `${members.length} ${word}`);
  return {
    title: plainText(`${stack}: ${counts.join(", ")}`, LONGEST_SUBJECT),
    lines: lines.slice(0, MOST_LINES),
    left: Math.max(0, lines.length - MOST_LINES),
  };
}

function lineOf(event: NotifyEvent): DigestLine {
  const { urgency, word, subject, text } = wordsOf(event);
  return {
    urgency,
    word: plainText(word, LONGEST_SUBJECT),
    subject: plainText(subject, LONGEST_SUBJECT),
    text: plainText(text, LONGEST_TEXT),
  };
}

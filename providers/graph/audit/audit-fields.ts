import { createHash } from "node:crypto";
import { canonicalJson, type JsonValue } from "../../domain/json.ts";
import type { Redacted } from "../../domain/redacted.ts";
import { serverText } from "../../support/server-text.ts";

/** What every entry is read with. */
export interface EntryContext {
  /** Makes a server's text one harmless line; see `lineMaker`. */
  readonly toLine: (text: string) => string;
  /** Entries before it are left out, whatever a filter gave: milliseconds. */
  readonly since: number;
  /** Stands for a time that an entry does not tell: milliseconds. */
  readonly until: number;
}

/** An entry of a list, whatever is in it. */
export type Entry = Readonly<Record<string, unknown>>;

const LONGEST = 200;

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Of thousands of entries most texts are ids, which hide nothing, and the same few names. */
export function lineMaker(secrets: readonly Redacted<string>[]): EntryContext["toLine"] {
  const made = new Map<string, string>();
  return (text) => {
    if (GUID.test(text)) return text;
    const line = made.get(text) ?? serverText(text, secrets, LONGEST);
    made.set(text, line);
    return line;
  };
}

/** One line for people and for the ledger; null for no text and for an empty one. */
export function textOf(value: unknown, { toLine }: Pick<EntryContext, "toLine">): string | null {
  return (typeof value === "string" ? toLine(value) : "") || null;
}

/** An id to compare, in lower case; the empty one of GUIDs names nothing. */
export function idOf(value: unknown, context: Pick<EntryContext, "toLine">): string | null {
  const id = textOf(value, context)?.toLowerCase() ?? null;
  return id === "00000000-0000-0000-0000-000000000000" ? null : id;
}

/** Milliseconds; null for what tells no time, also for the year 1 that Graph writes then. */
export function instantOf(value: unknown): number | null {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}T/.test(value)) return null;
  const instant = Date.parse(value);
  return Number.isNaN(instant) || instant < 0 ? null : instant;
}

/** What names an entry; one without an id is named by all that it says, the same in each look. */
export function eventOf(entry: Entry, context: Pick<EntryContext, "toLine">): string {
  const id = textOf(entry.id, context);
  if (id !== null) return id;
  return `unnamed-${createHash("sha256")
    .update(canonicalJson(entry as JsonValue))
    .digest("hex")
    .slice(0, 24)}`;
}

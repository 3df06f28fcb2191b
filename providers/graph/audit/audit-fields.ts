import { createHash } from "node:crypto";
import { canonicalJson, type JsonValue } from "../../domain/json.ts";
import type { Redacted } from "../../domain/redacted.ts";
import { serverText } from "../../support/server-text.ts";

/** What every entry is read with. */
export interface EntryContext {
  readonly secrets: readonly Redacted<string>[];
  /** Entries before it are left out, whatever a filter gave: milliseconds. */
  readonly since: number;
  /** Stands for a time that an entry does not tell: milliseconds. */
  readonly until: number;
}

/** An entry of a list, whatever is in it. */
export type Entry = Readonly<Record<string, unknown>>;

const LONGEST = 200;

/** One line for people and for the ledger; null for no text and for an empty one. */
export function textOf(value: unknown, { secrets }: Pick<EntryContext, "secrets">): string | null {
  if (typeof value !== "string") return null;
  const text = serverText(value, secrets, LONGEST);
  return text === "" ? null : text;
}

/** An id to compare, in lower case; the empty one of GUIDs names nothing. */
export function idOf(value: unknown, context: Pick<EntryContext, "secrets">): string | null {
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
export function eventOf(entry: Entry, context: Pick<EntryContext, "secrets">): string {
  const id = textOf(entry.id, context);
  if (id !== null) return id;
  return `unnamed-${createHash("sha256")
    .update(canonicalJson(entry as JsonValue))
    .digest("hex")
    .slice(0, 24)}`;
}

import { ProductError } from "../../providers/domain/errors.ts";
import { tellUnexpected } from "../../providers/support/unexpected-error.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";

/** `unknown`: it could not be looked at, and may be right or wrong. */
export type State = "ok" | "missing" | "unknown";

/** One thing that was looked at. */
export interface Row {
  readonly what: string;
  readonly state: State;
  /** What was seen, for people. */
  readonly text: string;
  /** What to type or to do next; empty where there is nothing. */
  readonly next: string;
}

/** What a look gives, before it has its name. */
export type Finding = Omit<Row, "what">;

/** As it should be. */
export function ok(text: string): Finding {
  return { state: "ok", text, next: "" };
}

/** Seen to be missing or wrong. */
export function missing(text: string, next: string): Finding {
  return { state: "missing", text, next };
}

/** Not seen. */
export function unknown(text: string, next = ""): Finding {
  return { state: "unknown", text, next };
}

/** How long one look may take, in milliseconds. */
const LIMIT_MS = 30_000;

/**
 * Looks at one thing. What is thrown becomes a row: the user's own mistake is `missing`, what a
 * service did not show is `unknown`. So does a look that takes longer than half a minute.
 */
export async function lookAt(what: string, look: () => Promise<Finding>, limitMs = LIMIT_MS): Promise<Row> {
  try {
    return { what, ...(await withLimit(look(), limitMs)) };
  } catch (error) {
    return { what, ...findingOf(error) };
  }
}

/** A look that also gives what later ones need; null where it was not seen. */
export interface Sought<T> {
  readonly finding: Finding;
  readonly value: T | null;
}

/** As `lookAt`, with the value; null too where something was thrown or took too long. */
export async function seek<T>(what: string, look: () => Promise<Sought<T>>, tell: (row: Row) => void): Promise<T | null> {
  let value: T | null = null;
  const row = await lookAt(what, async () => {
    const sought = await look();
    value = sought.value;
    return sought.finding;
  });
  tell(row);
  return value;
}

function findingOf(error: unknown): Finding {
  if (!(error instanceof ProductError)) return unknown(tellUnexpected(error, { root: PROJECT_FOLDER, env: process.env }));
  return error.disposition === "service" ? unknown(error.message, error.hint) : missing(error.message, error.hint);
}

async function withLimit(look: Promise<Finding>, limitMs: number): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => resolve(unknown(`no answer within ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([look, late]);
  } finally {
    clearTimeout(timer);
  }
}

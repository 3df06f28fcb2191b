import { ConfigurationError } from "../providers/domain/errors.ts";
import { isObject, parseJson } from "../providers/domain/json.ts";
import type { NotifyEvent } from "./event.ts";

/**
 * What one run has to tell: `dlr up --save-run FILE` writes it, `dlr notify --run FILE` tells it.
 */
export interface RunFile {
  readonly format: 1;
  readonly stack: string;
  /** When the run ended: ISO 8601, UTC. */
  readonly at: string;
  readonly exitCode: number;
  /** Requests by how they stand, such as `{ "succeeded": 34 }`. */
  readonly totals: Readonly<Record<string, number>>;
  readonly events: readonly NotifyEvent[];
}

/** The file's text. */
export function renderRunFile(file: RunFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

const KINDS: ReadonlySet<unknown> = new Set<NotifyEvent["kind"]>(["outcome", "drift", "brake", "foreignAction", "run", "test"]);

/**
 * Throws `ConfigurationError` for a text that no version of ours wrote. An event of a kind that
 * this version does not know is left out.
 */
export function parseRunFile(text: string, place: string): RunFile {
  const data = parseJson(text);
  if (!isObject(data) || data.format !== 1 || !isRun(data))
    throw new ConfigurationError(`${place} is no file of a run, or one of another version`, {
      hint: "dlr up STACK --save-run FILE and dlr drift STACK --save-run FILE write one",
    });
  const events: readonly unknown[] = Array.isArray(data.events) ? data.events : [];
  const { stack, at, exitCode, totals } = data;
  return { format: 1, stack, at, exitCode, totals, events: events.filter(isEvent) };
}

function isRun(data: Readonly<Record<string, unknown>>): data is Readonly<Record<string, unknown>> & Omit<RunFile, "format" | "events"> {
  const { stack, at, exitCode, totals } = data;
  return typeof stack === "string" && typeof at === "string" && typeof exitCode === "number" && isObject(totals);
}

/** The rest of an event is what its kind says: the file is ours, and not a stranger's. */
function isEvent(value: unknown): value is NotifyEvent {
  return isObject(value) && KINDS.has(value.kind) && [value.id, value.at, value.stack].every((text) => typeof text === "string");
}

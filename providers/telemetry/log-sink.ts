import { closeSync, constants, openSync, writeSync } from "node:fs";
import type { SpanName } from "../domain/watch.ts";
import { systemCode } from "../support/system-code.ts";
import type { EndedSpan, Sink } from "./create-watch.ts";

/** The word of each kind of line; others read it, so that none changes. */
const EVENTS: Readonly<Record<SpanName, string>> = {
  command: "command",
  survey: "survey",
  load: "files.load",
  resolve: "devices.resolve",
  request: "request",
  refresh: "request.refresh",
  step: "step",
  graph: "graph.call",
  place: "graph.place",
  ledgerRead: "ledger.read",
  ledgerAppend: "ledger.append",
  escrowPut: "escrow.put",
};

const BAD_OUTCOMES: readonly string[] = ["failed", "ambiguous"];

/** A pipe that nobody reads is an error and not a wait, in which calls would lose their answers. */
const APPENDING = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0);

/**
 * Appends a line of JSON for each span as it ends, at once, so that a process that is killed has
 * told all that it did. Several processes may write one file: each line is one write. Where the
 * file does not take a line, `tell` is told once and nothing more is written.
 */
export function logSink(file: string, tell: (text: string) => void): Sink {
  let descriptor: number | null = null;
  let isBroken = false;
  return (span) => {
    if (isBroken) return;
    try {
      descriptor ??= openSync(file, APPENDING, 0o600);
      writeSync(descriptor, `${JSON.stringify(lineOf(span))}\n`);
    } catch (error) {
      isBroken = true;
      if (descriptor !== null) closeSync(descriptor);
      tell(`the log ${file} cannot be written (${systemCode(error) ?? "unknown"}); the run goes on without it`);
    }
  };
}

function lineOf({ name, place, startMs, durationMs, facts, error }: EndedSpan): Readonly<Record<string, unknown>> {
  return {
    time: new Date(startMs + durationMs).toISOString(),
    level: levelOf(facts, error),
    event: EVENTS[name],
    durationMs: Math.round(durationMs),
    ...facts,
    ...(error === null ? {} : { error }),
    traceId: place.traceId,
    pid: process.pid,
  };
}

function levelOf({ throttled = 0, outcome, status = 0 }: EndedSpan["facts"], error: string | null): "error" | "warn" | "info" {
  if (error !== null || (outcome !== undefined && BAD_OUTCOMES.includes(outcome))) return "error";
  return throttled > 0 || status >= 400 ? "warn" : "info";
}

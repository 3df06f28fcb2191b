import path from "node:path";
import { printable } from "../domain/diagnostic.ts";
import { LOG, TRACE_PARENT } from "../domain/run-variables.ts";
import type { Watch } from "../domain/watch.ts";
import { UNWATCHED } from "../domain/watch.ts";
import { backgroundExport } from "./background-export.ts";
import { createWatch, type Sink } from "./create-watch.ts";
import { exportChoice } from "./export-choice.ts";
import { logSink } from "./log-sink.ts";
import { parseTraceParent, renderTraceParent } from "./trace-parent.ts";

/** What one process sees of itself, and how it gets that out. */
export interface ProcessWatch {
  readonly watch: Watch;
  readonly isOn: boolean;
  /** Sends what is there; takes some seconds at most, once. Never throws. */
  readonly flush: () => Promise<void>;
  /** Variables by which a process that is started now goes on in this trace. */
  readonly handOn: () => Readonly<Record<string, string>>;
}

const NOBODY: ProcessWatch = { watch: UNWATCHED, isOn: false, flush: async () => undefined, handOn: () => ({}) };

let ofThisProcess: ProcessWatch = NOBODY;

/**
 * Begins to watch this process, where its variables ask for that; the first call counts. `tell` is
 * told once where a receiver does not take what it is sent.
 */
export function watchProcess(environment: NodeJS.ProcessEnv, tell: (text: string) => void): ProcessWatch {
  if (ofThisProcess === NOBODY) ofThisProcess = openProcessWatch(environment, tell);
  return ofThisProcess;
}

/** Sees nothing before `watchProcess` was called. */
export function processWatch(): ProcessWatch {
  return ofThisProcess;
}

/** Where no variable asks for anything, nothing is loaded, kept or measured. */
export function openProcessWatch(environment: NodeJS.ProcessEnv, tell: (text: string) => void): ProcessWatch {
  const choice = exportChoice(environment);
  const isExported = choice.traces || choice.metrics;
  const background = isExported ? backgroundExport(choice, tell) : null;
  const log = logOf(environment, tell);
  const sinks: readonly Sink[] = [...(background === null ? [] : [background.take]), ...(log === null ? [] : [log])];
  if (sinks.length === 0) return NOBODY;
  const watch = createWatch(sinks, parseTraceParent(environment[TRACE_PARENT] ?? environment.TRACEPARENT));
  return {
    watch,
    isOn: true,
    flush: async () => background?.flush(),
    handOn: () => {
      const here = watch.here();
      return here.spanId === "" ? {} : { [TRACE_PARENT]: renderTraceParent(here) };
    },
  };
}

function logOf(environment: NodeJS.ProcessEnv, tell: (text: string) => void): Sink | null {
  const file = environment[LOG] ?? "";
  if (file === "") return null;
  if (path.isAbsolute(file)) return logSink(file, tell);
  // The processes of a run need not stand in one folder.
  tell(`${LOG} has to be a whole path, not ${printable(file)}; no log is written`);
  return null;
}

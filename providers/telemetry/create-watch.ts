import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import type { OpenSpan, SpanName, Watch, WatchedFacts } from "../domain/watch.ts";
import type { TracePlace } from "./trace-parent.ts";

/** A span that is over, with what it has of the spans above it. */
export interface EndedSpan {
  readonly name: SpanName;
  readonly place: TracePlace;
  /** Null for the first span of a trace. */
  readonly parentId: string | null;
  /** Milliseconds since the epoch, with fractions. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly facts: WatchedFacts;
  /** Name of the class of what was thrown; null where nothing was. */
  readonly error: string | null;
}

/** Takes spans as they end; it must not throw, nor wait. */
export type Sink = (span: EndedSpan) => void;

/** A watch that knows where it stands. */
export interface TracingWatch extends Watch {
  /** Where a span would begin now: for the process that is started next. */
  readonly here: () => TracePlace;
}

interface Inner {
  readonly place: TracePlace;
  readonly inherited: WatchedFacts;
}

/**
 * Gives each span its ids itself, and each sink what it needs when it ends: no library is on the
 * way of the work. `parent` is where the whole process stands in a trace; null begins one.
 */
export function createWatch(sinks: readonly Sink[], parent: TracePlace | null): TracingWatch {
  const inner = new AsyncLocalStorage<Inner>();
  const top = parent ?? { traceId: hex(16), spanId: "", isSampled: true };
  const open = (name: SpanName, said: WatchedFacts): OpenSpan => {
    const above = inner.getStore() ?? { place: top, inherited: {} };
    const place = { ...above.place, spanId: hex(8) };
    const started = performance.now();
    const startMs = performance.timeOrigin + started;
    let facts: WatchedFacts = { ...above.inherited, ...said };
    let isOver = false;
    return {
      note: (more) => {
        facts = { ...facts, ...more };
      },
      within: (work) => inner.run({ place, inherited: heritable(facts) }, work),
      end: (error) => {
        if (isOver) return;
        isOver = true;
        const { spanId: parentId } = above.place;
        const durationMs = performance.now() - started;
        const ended = { name, place, parentId: parentId || null, startMs, durationMs, facts, error: error ?? null };
        for (const sink of sinks) sink(ended);
      },
    };
  };
  return { open, here: () => inner.getStore()?.place ?? top };
}

/** By these a span is found whose request or step is far above it. */
function heritable({ request, deviceId, step, action, destroysData }: WatchedFacts): WatchedFacts {
  return {
    ...(request === undefined ? {} : { request }),
    ...(deviceId === undefined ? {} : { deviceId }),
    ...(step === undefined ? {} : { step }),
    ...(action === undefined ? {} : { action }),
    ...(destroysData === undefined ? {} : { destroysData }),
  };
}

function hex(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}

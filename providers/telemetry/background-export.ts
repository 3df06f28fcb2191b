import type { EndedSpan, Sink } from "./create-watch.ts";
import type { ExportChoice } from "./export-choice.ts";
import type { Exporting } from "./otel/open-export.ts";

/** What goes to a receiver without anybody waiting for it. */
export interface BackgroundExport {
  readonly take: Sink;
  /** Sends what is there, and waits for that for a short while at most. Never throws. */
  readonly flush: () => Promise<void>;
}

/** Milliseconds. A receiver that needs longer is no receiver any more. */
const LONGEST_FLUSH_MS = 1_500;

/**
 * Loads the SDK when the first span ends. From the first failure on nothing is sent any more, and
 * `tell` is told once: nobody waits for a receiver that does not answer.
 */
export function backgroundExport(
  choice: ExportChoice,
  tell: (text: string) => void,
  load = async (onFailure: () => void): Promise<Exporting> => (await import("./otel/open-export.ts")).openExport(choice, onFailure),
): BackgroundExport {
  let isDead = false;
  let opened: Exporting | undefined;
  let waiting: EndedSpan[] = [];
  let loading: Promise<void> | undefined;
  const fail = () => {
    if (!isDead) tell(NOT_TAKEN);
    isDead = true;
    waiting = [];
  };
  const open = async () => {
    try {
      const exporting = await load(fail);
      for (const span of waiting) exporting.take(span);
      waiting = [];
      opened = exporting;
    } catch {
      fail();
    }
  };
  const send = async () => {
    try {
      await loading;
      await opened?.flush();
    } catch {
      fail();
    }
  };
  return {
    take: (span) => {
      if (isDead) return;
      if (opened !== undefined) opened.take(span);
      else waiting.push(span);
      loading ??= open();
    },
    flush: async () => {
      if (isDead || loading === undefined) return;
      if (!(await within(LONGEST_FLUSH_MS, send()))) fail();
    },
  };
}

const NOT_TAKEN = "the receiver of traces and metrics (OTEL_EXPORTER_OTLP_ENDPOINT) does not take them: this process sends it nothing more";

async function within(milliseconds: number, work: Promise<void>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), milliseconds);
  try {
    return await Promise.race([work.then(() => true), promise]);
  } finally {
    clearTimeout(timer);
  }
}

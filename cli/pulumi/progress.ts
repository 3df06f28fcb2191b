import type { SetUpOptions } from "./options.ts";

const EVERY_MS = 20_000;

/** `45 s`, `3 min 20 s`. */
export function elapsedText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Work that takes long, as it is told. */
export interface Progress {
  /** What is happening, as it follows "still". */
  readonly what: string;
  /** How long it may take, or how big it is. */
  readonly expected: string;
  /** How much of it is done, ending in ", "; nothing where that cannot be told. */
  readonly done?: () => string;
  readonly everyMs?: number;
}

/**
 * Says what is happening when it begins and, with the time so far, every 20 seconds: plain lines,
 * which logs keep.
 */
export async function withProgress<T>(
  say: SetUpOptions["say"],
  { what, expected, done, everyMs = EVERY_MS }: Progress,
  work: () => Promise<T>,
): Promise<T> {
  const start = performance.now();
  say(`pulumi: ${what} (${expected})`);
  const timer = setInterval(() => say(`pulumi: still ${what}, ${done?.() ?? ""}${elapsedText(performance.now() - start)} so far`), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

import { watched } from "../../domain/watch.ts";
import { processWatch } from "../../telemetry/process-watch.ts";

/** What the work is about, before it is known what becomes of it. */
interface Work {
  readonly name: "request" | "refresh";
  readonly request: string;
  readonly deviceId: string;
}

let underWay = 0;

/**
 * Does the work for one resource in a span of its own. The engine may kill this process as soon as
 * the last work is done: whoever leaves nobody behind sends what was seen first.
 */
export async function watchWork<T>({ name, ...facts }: Work, work: () => Promise<T>, outcomeOf: (result: T) => string): Promise<T> {
  const process = processWatch();
  if (!process.isOn) return await work();
  underWay += 1;
  try {
    return await watched(process.watch, [name, facts], async (span) => {
      const result = await work();
      span.note({ outcome: outcomeOf(result) });
      return result;
    });
  } finally {
    underWay -= 1;
    if (underWay === 0) await process.flush();
  }
}

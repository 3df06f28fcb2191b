import { watched } from "../../domain/watch.ts";
import { watchProcess } from "../../telemetry/process-watch.ts";
import type { RunHost } from "./run-host.ts";

/**
 * Does the survey in a span of its own, and sends what was seen. That a receiver does not take it
 * is a warning of the run.
 */
export async function watchSurvey<T>(environment: NodeJS.ProcessEnv, { stack, warn }: RunHost, work: () => Promise<T>): Promise<T> {
  const texts: string[] = [];
  const { watch, flush } = watchProcess(environment, (text) => texts.push(text));
  try {
    return await watched(watch, ["survey", { stack }], work);
  } finally {
    await flush();
    for (const text of texts) await warn(text);
  }
}

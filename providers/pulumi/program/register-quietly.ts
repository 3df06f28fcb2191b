import { sdkLog } from "../sdk.ts";

/**
 * Does work that registers resources, without what the SDK does for each of them and nobody reads:
 * a stack trace, which the engine keeps in state, and five lines for the engine's debug log, each a
 * call that is waited for. Later errors have their stack traces again.
 */
export function registerQuietly<T>(work: () => T): T {
  Reflect.set(sdkLog, "debug", async () => {});
  // V8 takes no stack trace while this is no number; the SDK sets it, and reads an empty one.
  Object.defineProperty(Error, "stackTraceLimit", { get: () => 0, set: () => {}, configurable: true });
  try {
    return work();
  } finally {
    // The SDK takes one with each output, too; one line of it is told.
    Object.defineProperty(Error, "stackTraceLimit", { value: 1, writable: true, configurable: true });
  }
}

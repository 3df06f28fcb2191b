import { sdkLog } from "../sdk.ts";

/**
 * From here on the SDK writes nothing for the engine's debug log: it would hand over the whole
 * state that it was given, as one line.
 */
export function hushSdk(): void {
  Reflect.set(sdkLog, "debug", async () => {});
}

/**
 * Does work that registers resources, without what the SDK does for each of them and nobody reads:
 * a stack trace, which the engine keeps in state, and five lines for the engine's debug log, each a
 * call that is waited for. Later errors have their stack traces again.
 */
export function registerQuietly<T>(work: () => T): T {
  hushSdk();
  // V8 takes no stack trace while this is no number; the SDK sets it, and reads an empty one.
  Object.defineProperty(Error, "stackTraceLimit", { get: () => 0, set: () => {}, configurable: true });
  try {
    return work();
  } finally {
    // The SDK takes one with each output, too; one line of it is told.
    Object.defineProperty(Error, "stackTraceLimit", { value: 1, writable: true, configurable: true });
  }
}

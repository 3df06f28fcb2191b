/**
 * How an action ends on the device; `never` stays pending for good, `silent` takes effect and is
 * never told of.
 */
export const FORCED_RESULTS = ["done", "failed", "notSupported", "canceled", "never", "silent"] as const;

/** As a device file or a fault says it. */
export type ForcedResult = (typeof FORCED_RESULTS)[number];

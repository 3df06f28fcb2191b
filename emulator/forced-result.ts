/** How an action ends on the device; `never` stays pending for good. */
export const FORCED_RESULTS = ["done", "failed", "notSupported", "canceled", "never"] as const;

export type ForcedResult = (typeof FORCED_RESULTS)[number];

/**
 * Microsoft's clouds, by the words of the configuration; their hosts are the adapters' business.
 */
export const CLOUD_NAMES = ["global", "usGovernment", "usGovernmentDod", "china"] as const;

/** A value of the configuration key `cloud`. */
export type CloudName = (typeof CLOUD_NAMES)[number];

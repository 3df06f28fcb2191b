import { DAY_MS } from "../providers/domain/day.ts";
import type { RequestRule } from "./rule.ts";

/** What was approved does not lie about for months; no date needs none. */
export const expiryRule: RequestRule<{ readonly days: number }> = {
  name: "expiry",
  description: "A request expires within some days",
  settings: {
    properties: {
      days: { type: "integer", minimum: 1, default: 30, description: "The last day that `expires` may name, counted from today (UTC)" },
    },
  },
  judge: ({ name, expires }, { days }, { now }) => {
    if (expires === null) return [];
    const last = new Date(now + days * DAY_MS).toISOString().slice(0, 10);
    return expires <= last ? [] : [`${name} expires ${expires}, more than ${days} days off: write ${last} or earlier`];
  },
};

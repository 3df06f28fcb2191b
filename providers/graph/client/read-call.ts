import type { GraphCallFacts } from "./middleware/graph-call.ts";

/**
 * Everything is read from v1.0: all that is asked for is there. A cache on the way has to ask Graph
 * first: https://www.rfc-editor.org/rfc/rfc9111#name-no-cache
 */
const READ = {
  version: "v1.0",
  mode: "read",
  rateClass: "read",
  identity: "any",
  clientRequestId: null,
  headers: { "cache-control": "no-cache" },
} as const;

/** A read with version, mode and identity of `READ`; `path` is encoded and has its query. */
export function get(path: string): GraphCallFacts {
  return { ...READ, method: "GET", path, weight: 1, body: null };
}

/** A POST on the wire that only reads: its items are GETs alone. */
export function postBatch(path: string, body: string, items: number): GraphCallFacts {
  return { ...READ, method: "POST", path, weight: items, body };
}

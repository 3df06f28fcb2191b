import { createActions } from "./actions.ts";
import { createDirectory } from "./directory.ts";
import type { Graph, GraphOptions } from "./graph.ts";
import { createGraphClient } from "./graph-client.ts";
import { GRAPH_LIMITS } from "./limits.ts";
import { cacheTokens } from "./token-cache.ts";
import { createWire } from "./wire.ts";

export function openGraph(options: GraphOptions): Graph {
  const tokens = cacheTokens(options.tokens, options.clock);
  const client = createGraphClient({
    endpoint: options.endpoint,
    tokens,
    clock: options.clock,
    random: options.random ?? Math.random,
    uuid: options.uuid,
    wire: options.wire ?? createWire(),
    limits: { ...GRAPH_LIMITS, ...options.limits },
    onProgress: options.onProgress ?? (() => undefined),
  });
  return {
    directory: createDirectory(client, options.endpoint),
    actions: createActions(client, tokens),
    requestCount: () => client.requestCount(),
  };
}

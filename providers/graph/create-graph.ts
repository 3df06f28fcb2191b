import type { Clock, DeviceActions, DeviceDirectory } from "../domain/ports.ts";
import type { TokenSource } from "./access-token.ts";
import { createActions } from "./actions.ts";
import type { GraphEndpoint } from "./cloud.ts";
import { createDirectory } from "./directory.ts";
import { createGraphClient } from "./graph-client.ts";
import { GRAPH_LIMITS, type GraphLimits } from "./limits.ts";
import { cacheTokens } from "./token-cache.ts";

export interface GraphOptions {
  readonly endpoint: GraphEndpoint;
  readonly tokens: TokenSource;
  readonly clock: Clock;
  /** From 0 to 1; spreads retries. */
  readonly random?: () => number;
  readonly uuid: () => string;
  readonly fetch?: typeof fetch;
  readonly limits?: Partial<GraphLimits>;
  /** Told what people would wonder about: long waits, long lists. */
  readonly onProgress?: (text: string) => void;
}

export interface Graph {
  readonly directory: DeviceDirectory;
  readonly actions: DeviceActions;
  /** Requests on the wire so far, every try of every call. */
  requestCount(): number;
}

/** Both ports over one client, so that they share its tokens, its rate and its count. */
export function createGraph(options: GraphOptions): Graph {
  const tokens = cacheTokens(options.tokens, options.clock);
  const client = createGraphClient({
    endpoint: options.endpoint,
    tokens,
    clock: options.clock,
    random: options.random ?? Math.random,
    uuid: options.uuid,
    fetch: options.fetch ?? fetch,
    limits: { ...GRAPH_LIMITS, ...options.limits },
    onProgress: options.onProgress ?? (() => undefined),
  });
  return {
    directory: createDirectory(client, options.endpoint),
    actions: createActions(client, tokens),
    requestCount: () => client.requestCount(),
  };
}

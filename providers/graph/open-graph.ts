import { createActions } from "./actions/actions.ts";
import { createAuditLog } from "./audit/create-audit-log.ts";
import { createGraphClient } from "./client/graph-client.ts";
import { GRAPH_LIMITS, ratesOfShard } from "./client/limits.ts";
import { createWire } from "./client/wire.ts";
import { createDirectory } from "./devices/directory.ts";
import { createFleet } from "./devices/fleet.ts";
import type { Graph, GraphOptions } from "./graph.ts";
import { createPolicies } from "./policies/policies.ts";

/** Sends nothing yet; a token is asked for at the first call. */
export function openGraph(options: GraphOptions): Graph {
  const { tokens } = options;
  const client = createGraphClient({
    endpoint: options.endpoint,
    tokens,
    clock: options.clock,
    monotonic: options.monotonic,
    random: options.random ?? Math.random,
    uuid: options.uuid,
    wire: options.wire ?? createWire(),
    limits: { ...GRAPH_LIMITS, ...ratesOfShard(GRAPH_LIMITS, options.shards ?? 1), ...options.limits },
    onProgress: options.onProgress ?? (() => undefined),
    ...(options.watch === undefined ? {} : { watch: options.watch }),
  });
  return {
    directory: createDirectory(client, options.endpoint),
    actions: createActions(client, tokens),
    policies: createPolicies(client, options.endpoint),
    fleet: createFleet(client, options.endpoint),
    auditLog: createAuditLog(client, options.endpoint),
    graphClock: client.graphClock,
  };
}

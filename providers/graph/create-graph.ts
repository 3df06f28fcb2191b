import type { Graph, GraphOptions } from "./graph.ts";

/**
 * The ports over one client, so that they share its tokens and its rate. The client and all that
 * goes with it is loaded by the first call: a run whose requests are all finished never
 * needs it, and its start should not pay for it.
 */
export function createGraph(options: GraphOptions): Graph {
  let graph: Graph | null = null;
  const open = async () => {
    const { openGraph } = await import("./open-graph.ts");
    graph ??= openGraph(options);
    return graph;
  };
  return {
    directory: {
      resolveEach: async (selectors) => (await open()).directory.resolveEach(selectors),
      observe: async (device) => (await open()).directory.observe(device),
      lookClosely: async (device, withCode) => (await open()).directory.lookClosely(device, withCode),
      lookForGone: async (device, serialNumber) => (await open()).directory.lookForGone(device, serialNumber),
      readBypassCode: async (device) => (await open()).directory.readBypassCode(device),
    },
    actions: {
      permission: async (action) => (await open()).actions.permission(action),
      approval: async (request) => (await open()).actions.approval(request),
      takePlace: async () => (await open()).actions.takePlace(),
      send: async (call) => (await open()).actions.send(call),
    },
    fleet: {
      listAll: async () => (await open()).fleet.listAll(),
      lookAtCodes: async (ids, look) => (await open()).fleet.lookAtCodes(ids, look),
    },
    auditLog: { actionsSince: async (instant) => (await open()).auditLog.actionsSince(instant) },
    policies: {
      find: async (mark) => (await open()).policies.find(mark),
      read: async (id) => (await open()).policies.read(id),
      create: async (...names) => (await open()).policies.create(...names),
      change: async (seen, names) => (await open()).policies.change(seen, names),
      assign: async (seen, groups) => (await open()).policies.assign(seen, groups),
      remove: async (seen) => (await open()).policies.remove(seen),
      reportedBy: async (ids) => (await open()).policies.reportedBy(ids),
    },
    graphClock: () => graph?.graphClock() ?? null,
  };
}

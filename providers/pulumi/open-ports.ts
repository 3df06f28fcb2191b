import { randomInt, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock, Ports } from "../domain/ports.ts";
import { fingerprintOf } from "../escrow/fingerprint.ts";
import { openEscrow } from "../escrow/open-escrow.ts";
import { CLOUDS, type GraphEndpoint, parseGraphEndpoint } from "../graph/cloud.ts";
import { createGraph } from "../graph/create-graph.ts";
import { createAzureCredential, createTokenSource } from "../graph/tokens.ts";
import { openLedger } from "../ledger/open-ledger.ts";
import type { Settings } from "./settings.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => sleep(milliseconds),
};

/** The real parts, for one process. Nothing is opened or read before it is used. */
export function openPorts(settings: Settings, root: string, environment: NodeJS.ProcessEnv): Ports & { readonly endpoint: GraphEndpoint } {
  const endpoint = parseGraphEndpoint(settings.cloud, settings.graphEndpoint);
  const common = { root, isLoopbackGraph: endpoint.isLoopback, clock: systemClock, uuid: randomUUID };
  const graph = createGraph({ endpoint, tokens: createTokenSource(environment, endpoint), clock: systemClock, uuid: randomUUID });
  return {
    endpoint,
    directory: graph.directory,
    actions: graph.actions,
    escrow: openEscrow({
      ...common,
      location: settings.escrow,
      vaultSuffixes: [endpoint.cloud.vaultSuffix],
      credential: () => createAzureCredential(environment, endpoint),
    }),
    ledger: openLedger({ ...common, location: settings.ledger }),
    clock: systemClock,
    uuid: randomUUID,
    pin: () => String(randomInt(0, 1_000_000)).padStart(6, "0"),
    fingerprint: fingerprintOf,
  };
}

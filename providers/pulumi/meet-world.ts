import type { LedgerRecord } from "../domain/ledger-record.ts";
import type { Clock } from "../domain/ports.ts";
import { graphNamed } from "../domain/world.ts";
import type { OpenedLedger } from "../ledger/open-ledger.ts";
import { type Meeting, meetWorld, tenantOf } from "../rules/world-rules.ts";
import type { Settings } from "./settings.ts";

/**
 * What tells the world of a run. The token is asked only where something is to be done, or where
 * the ledger names a tenant and the setting none.
 */
export interface WorldPorts {
  readonly isLoopbackGraph: boolean;
  readonly graphOrigin: string;
  readonly clock: Pick<Clock, "now">;
  /** The tenant that the token for Graph is of; null where there is none, or it cannot be read. */
  tokenTenant(): Promise<string | null>;
}

type Places = Pick<Settings, "tenant" | "ledger" | "stack">;

/**
 * Holds the ledger against the world of this run; records nothing. No token is asked for where
 * Graph's address or the setting tells that it is another; nor, by a run that is not busy, where
 * the setting or a ledger without a tenant leaves nothing to tell. Throws `ConfigurationError`.
 */
export async function meetLedger(records: readonly LedgerRecord[], ports: WorldPorts, settings: Places, isBusy = true): Promise<Meeting> {
  const graph = graphNamed({ isLoopback: ports.isLoopbackGraph, origin: ports.graphOrigin });
  const at = new Date(ports.clock.now()).toISOString();
  const meetAs = (tenant: string | null) => meetWorld(records, { graph, tenant }, settings.ledger, at);
  const early = meetAs(settings.tenant ?? null);
  return isBusy || early.doubt !== null ? meetAs(tenantOf(await ports.tokenTenant(), settings.tenant, settings.stack)) : early;
}

/** With the ledger, to record the world there. */
export interface JoinPorts extends WorldPorts {
  readonly ledger: Pick<OpenedLedger, "read" | "append">;
}

/**
 * Records what the ledger does not say of its world yet. What it says then counts: another run may
 * have been faster.
 */
export async function joinLedger(met: Meeting, ports: JoinPorts, settings: Places, isBusy = true): Promise<Meeting> {
  if (met.record === null) return met;
  await ports.ledger.append(met.record);
  return meetLedger((await ports.ledger.read()).outline, ports, settings, isBusy);
}

/**
 * Which Graph, and which of its tenants, devices are in: what a ledger records is true in one world
 * only.
 */
export interface World {
  /** Origin of Graph, such as `https://graph.microsoft.com`, or `DOUBLE`. */
  readonly graph: string;
  /** GUID in lower case; null where nobody could tell. */
  readonly tenant: string | null;
}

/** Every Graph on this machine is one and the same: its port changes with each start. */
export const DOUBLE = "double";

/** How a world names its Graph. */
export function graphNamed({ isLoopback, origin }: { readonly isLoopback: boolean; readonly origin: string }): string {
  return isLoopback ? DOUBLE : origin;
}

/** The id of a tenant in lower case; null for anything else, such as one of its domain names. */
export function parseTenantId(text: string): string | null {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : null;
}

/** For messages: `https://graph.microsoft.com, tenant GUID`. */
export function describeWorld({ graph, tenant }: World): string {
  const where = graph === DOUBLE ? "a double of Graph on this machine" : graph;
  return tenant === null ? where : `${where}, tenant ${tenant}`;
}

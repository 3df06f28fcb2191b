import type { LedgerTools, OpenedLedger } from "./ledger-store.ts";
import { ledgerPlaceAt } from "./ledger-stores.ts";

export type { AzureAccess, OpenedLedger } from "./ledger-store.ts";

/** What a store may need, and the place: the location says which of them it is. */
export interface LedgerOptions extends Pick<LedgerTools, "clock" | "uuid" | "azure" | "environment"> {
  /** The configuration key `ledger`. */
  readonly location: string;
  /** The project's folder; relative locations start there. */
  readonly root: string;
  readonly isLoopbackGraph: boolean;
  /** A missing ledger is made by the first append. Default: against the emulator. */
  readonly createWhenMissing?: boolean;
  /** How long another process may keep us waiting, in milliseconds. */
  readonly waitMs?: number;
}

const DEFAULT_WAIT_MS = 5_000;

/**
 * Touches nothing until the first call. Throws `ConfigurationError` for a location of another form.
 */
export function openLedger({ location, root, isLoopbackGraph, ...options }: LedgerOptions): OpenedLedger {
  const place = ledgerPlaceAt(location, { root, isLoopbackGraph, blobSuffixes: options.azure?.blobSuffixes ?? [] });
  return place.open({
    ...options,
    createWhenMissing: options.createWhenMissing ?? isLoopbackGraph,
    waitMs: options.waitMs ?? DEFAULT_WAIT_MS,
  });
}

import { ConfigurationError } from "../domain/errors.ts";
import { azureLedgerStore } from "./azure/azure-ledger-store.ts";
import { folderLedgerStore } from "./file/folder-ledger-store.ts";
import type { LedgerPlace, LedgerStoreKind, LocationRules } from "./ledger-store.ts";

/** Every kind of store for a ledger. The first is the one that hints show. */
export const LEDGER_STORES: readonly LedgerStoreKind[] = [folderLedgerStore, azureLedgerStore];

/**
 * The place that the configuration key `ledger` names. Throws `ConfigurationError` for a place that
 * no ledger of this version can live in.
 */
export function ledgerPlaceAt(location: string, rules: LocationRules, stores = LEDGER_STORES): LedgerPlace {
  const supported = `write ${stores.map(({ form }) => `\`${form}\``).join(" or ")}, for example \`pulumi config set ledger file:ledger\``;
  const store = stores.find((one) => one.claims(location));
  if (store !== undefined) return store.at(location, rules, supported);
  throw new ConfigurationError(`the ledger ${JSON.stringify(location)} is of a kind that is not supported`, { hint: supported });
}

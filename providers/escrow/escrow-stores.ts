import { ConfigurationError } from "../domain/errors.ts";
import type { EscrowedAt, EscrowPlace, EscrowStoreKind, LocationRules } from "./escrow-store.ts";
import { folderStore } from "./file/folder-store.ts";
import { keyVaultStore } from "./key-vault/key-vault-store.ts";
import { notAReference } from "./reference.ts";

/** Every kind of store for secrets. The first is the one that hints show. */
export const ESCROW_STORES: readonly EscrowStoreKind[] = [folderStore, keyVaultStore];

/**
 * The place that the configuration key `escrow` names. Throws `ConfigurationError` for a place that
 * no escrow of this version can live in.
 */
export function escrowPlaceAt(location: string, rules: LocationRules, stores = ESCROW_STORES): EscrowPlace {
  const supported = `write ${stores.map(({ form }) => `\`${form}\``).join(" or ")}, for example \`pulumi config set escrow file:escrow\``;
  const store = stores.find((one) => one.claims(location));
  if (store !== undefined) return store.at(location, rules, supported);
  throw new ConfigurationError(`the escrow ${JSON.stringify(location)} is of a kind that is not supported`, { hint: supported });
}

/**
 * Where the secret of a reference lies, as state and ledger hold it. Throws `ConfigurationError`
 * for anything that no `put` of ours gives back.
 */
export function escrowedAt(reference: string, root: string, stores = ESCROW_STORES): EscrowedAt {
  const store = stores.find((one) => one.claims(reference));
  if (store === undefined) throw notAReference(reference);
  return store.entryAt(reference, root);
}

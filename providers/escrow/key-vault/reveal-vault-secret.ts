import { EscrowError } from "../../domain/errors.ts";
import { Redacted } from "../../domain/redacted.ts";
import type { RevealedEntry } from "../revealed-entry.ts";
import { openVaultClient, VAULT_TIMEOUT_MS, type VaultClientOptions } from "./key-vault-client.ts";
import { vaultFailure } from "./key-vault-failure.ts";
import { entryOfTags } from "./key-vault-tags.ts";
import type { VaultReference } from "./vault-location.ts";

/** Reads the exact version that the reference names, with the reader's own credential. */
export async function revealVaultSecret(reference: VaultReference, options: VaultClientOptions): Promise<RevealedEntry> {
  try {
    const client = await openVaultClient(options);
    const limits = { version: reference.version, abortSignal: AbortSignal.timeout(VAULT_TIMEOUT_MS) };
    const { value, properties } = await client.getSecret(reference.name, limits);
    const entry = entryOfTags(properties.tags ?? {});
    if (value !== undefined && entry !== null) return { entry, secret: new Redacted(value) };
  } catch (error) {
    throw vaultFailure(error, "read from", options.vaultUrl, null);
  }
  throw new EscrowError(`${reference.vaultUrl}/secrets/${reference.name} was not put there by this product`);
}

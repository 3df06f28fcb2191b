import type { SecretClient, SecretProperties } from "@azure/keyvault-secrets";
import { ProductError } from "../../domain/errors.ts";
import type { SecretLook } from "../../domain/ports.ts";
import { VAULT_TIMEOUT_MS } from "./key-vault-client.ts";
import { vaultAnswer } from "./key-vault-failure.ts";
import { parseVaultReference, type VaultReference } from "./vault-location.ts";

/** The vault that secrets are put into. */
interface Vault {
  readonly vaultUrl: string;
  readonly connect: () => Promise<SecretClient>;
}

/**
 * The properties of one version, from the list of versions, which has no values. Takes the right
 * `secrets/readMetadata`, which runs need for nothing else. Only an answer among the deleted
 * secrets tells that one was deleted. Sources:
 * https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret-versions/get-secret-versions,
 * https://learn.microsoft.com/rest/api/keyvault/secrets/get-deleted-secret/get-deleted-secret
 */
export async function lookAtSecret(reference: string, { vaultUrl, connect }: Vault): Promise<SecretLook> {
  const parsed = URL.canParse(reference) ? parseVaultReference(reference) : null;
  if (parsed?.vaultUrl !== vaultUrl) return { kind: "unseen", why: `${reference} is not in ${vaultUrl}` };
  try {
    const client = await connect();
    const properties = await propertiesOf(client, parsed);
    if (properties !== null) return lookOf(properties);
    const { deletedOn } = (await client.getDeletedSecret(parsed.name, limits())).properties;
    return {
      kind: "deleted",
      detail: deletedOn === undefined ? "the vault has it among the deleted" : `deleted at ${deletedOn.toISOString()}`,
    };
  } catch (error) {
    return lookOfFailure(error, vaultUrl);
  }
}

function lookOf({ enabled, expiresOn }: SecretProperties): SecretLook {
  return enabled === false ? { kind: "disabled" } : { kind: "there", expiresAt: expiresOn?.toISOString() ?? null };
}

/** Null where the vault lists no such version, which says nothing of why. */
async function propertiesOf(client: SecretClient, { name, version }: VaultReference): Promise<SecretProperties | null> {
  try {
    for await (const one of client.listPropertiesOfSecretVersions(name, limits())) if (one.version === version) return one;
    return null;
  } catch (error) {
    if (vaultAnswer(error, null).status === 404) return null;
    throw error;
  }
}

function limits(): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(VAULT_TIMEOUT_MS) };
}

function lookOfFailure(error: unknown, vaultUrl: string): SecretLook {
  if (error instanceof ProductError) return { kind: "unseen", why: error.message };
  const answer = vaultAnswer(error, null);
  // The client says no more of a refused list. A firewall would have refused the connection before.
  if (answer.status === 403)
    return { kind: "notAllowed", why: `${vaultUrl} does not let this identity read the properties of secrets (Key Vault Reader)` };
  if (answer.status === 404)
    return { kind: "unseen", why: `${vaultUrl} has no such secret, neither among the deleted: it was purged, or is hidden` };
  return { kind: "unseen", why: `${vaultUrl} does not show it: ${answer.status === null ? "" : `${answer.status} `}${answer.code}` };
}

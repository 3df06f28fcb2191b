import { ConfigurationError } from "../../domain/errors.ts";
import { shownAddress } from "../../support/shown-address.ts";
import type { EscrowPlace, EscrowStoreKind } from "../escrow-store.ts";
import type { EscrowTools } from "../open-escrow.ts";
import type { VaultClientOptions } from "./key-vault-client.ts";
import { KeyVaultEscrow } from "./key-vault-escrow.ts";
import { revealVaultSecret } from "./reveal-vault-secret.ts";
import { parseVault, parseVaultReference, type VaultLocation } from "./vault-location.ts";

/** Secrets of an Azure Key Vault; who may read them is set by roles. */
export const keyVaultStore: EscrowStoreKind = {
  form: "https://NAME.vault.azure.net",
  claims: (text) => URL.parse(text)?.protocol === "https:",
  shown: shownAddress,
  at: (location, rules, supported) => placeOf(parseVault(location, rules, supported)),
  entryAt: (text, root) => {
    const reference = parseVaultReference(text);
    return {
      auditFolder: null,
      // A token goes to vaults of a known cloud and to this machine only, whatever is referred to.
      reveal: async ({ vaultSuffixes, ...tools }) => {
        const vault = parseVault(reference.vaultUrl, { root, vaultSuffixes, isLoopbackGraph: true }, "");
        return revealVaultSecret(reference, clientOptions(vault, tools));
      },
    };
  },
};

function placeOf(vault: VaultLocation): EscrowPlace {
  return {
    isOfOneMachine: false,
    auditFolder: null,
    open: (tools) => new KeyVaultEscrow({ ...clientOptions(vault, tools), clock: tools.clock, uuid: tools.uuid }),
    check: async () => [],
    describeReaders: async () => `whom ${vault.url} lets in`,
    recipientsFolder: () => {
      throw new ConfigurationError(`${vault.url} is a Key Vault: who may read there is set by roles, not by recipients`, {
        hint: "give readers the role Key Vault Secrets User on the vault; for a folder say --escrow file:FOLDER",
      });
    },
  };
}

function clientOptions(
  { url, isLoopback }: VaultLocation,
  { credential, caCertificate }: Pick<EscrowTools, "credential" | "caCertificate">,
): VaultClientOptions {
  return {
    vaultUrl: url,
    isLoopback,
    credential: () => credential({ address: url, isLoopback }),
    ...(caCertificate === undefined ? {} : { caCertificate }),
  };
}

import type { TokenCredential } from "@azure/identity";
import { ConfigurationError } from "../domain/errors.ts";
import type { EscrowReader } from "../domain/ports.ts";
import { parseEscrowLocation } from "./escrow-location.ts";
import { emulatorIdentityPath } from "./file/emulator-reader.ts";
import { revealFile } from "./file/file-escrow-reader.ts";
import { revealVaultSecret } from "./key-vault/key-vault-reader.ts";
import { parseReference } from "./reference.ts";

/** For the command `reveal` alone; `root` is the project's folder. */
export interface EscrowReaderOptions {
  readonly root: string;
  /** The reader's identity file; null: the emulator's, in the folder of the reference. */
  readonly identityFile: string | null;
  readonly vaultSuffixes: readonly string[];
  /** For a Key Vault on this machine (a double) and for any other. */
  readonly credential: (vault: { readonly vaultUrl: string; readonly isLoopback: boolean }) => Promise<TokenCredential>;
  readonly caCertificate?: string;
}

/**
 * The authorized reader's side. A token goes to vaults of a known cloud and to this machine only,
 * whatever a reference says.
 */
export function openEscrowReader(options: EscrowReaderOptions): EscrowReader {
  return {
    reveal: async (text) => {
      const reference = parseReference(text, options.root);
      if (reference.kind === "file") return revealFile(reference.path, options.identityFile ?? emulatorIdentityPath(reference.folder));
      const vault = parseEscrowLocation(reference.vaultUrl, { ...options, isLoopbackGraph: true });
      if (vault.kind !== "vault") throw new ConfigurationError(`${reference.vaultUrl} is not a Key Vault`);
      return revealVaultSecret(reference, {
        vaultUrl: vault.url,
        isLoopback: vault.isLoopback,
        credential: () => options.credential({ vaultUrl: vault.url, isLoopback: vault.isLoopback }),
        ...(options.caCertificate === undefined ? {} : { caCertificate: options.caCertificate }),
      });
    },
  };
}

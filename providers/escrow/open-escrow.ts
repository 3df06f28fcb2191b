import type { TokenCredential } from "@azure/identity";
import type { Clock, EscrowStore } from "../domain/ports.ts";
import { type LocationRules, parseEscrowLocation } from "./escrow-location.ts";
import { FileEscrow } from "./file/file-escrow.ts";
import { KeyVaultEscrow } from "./key-vault/key-vault-escrow.ts";

/** What a folder needs, and what a Key Vault needs: the location says which of them it is. */
export interface EscrowOptions extends LocationRules {
  /** The configuration key `escrow`: `file:FOLDER` or `https://NAME.vault.azure.net`. */
  readonly location: string;
  /** For a Key Vault; asked at the first `put`. */
  readonly credential: () => Promise<TokenCredential>;
  readonly clock: Clock;
  readonly uuid: () => string;
  /** PEM of a certificate to trust, for a Key Vault double. */
  readonly caCertificate?: string;
}

/** A store that can also be named in a message, without any secret. */
export interface OpenedEscrow extends EscrowStore {
  describe(): string;
}

/**
 * Touches nothing until the first `put`. Throws `ConfigurationError` for a location of another
 * form.
 */
export function openEscrow(options: EscrowOptions): OpenedEscrow {
  const location = parseEscrowLocation(options.location, options);
  if (location.kind === "file") return new FileEscrow({ ...options, location });
  return new KeyVaultEscrow({ ...options, vaultUrl: location.url, isLoopback: location.isLoopback });
}

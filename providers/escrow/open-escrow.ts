import type { TokenCredential } from "@azure/identity";
import type { Clock, EscrowStore, EscrowWatch } from "../domain/ports.ts";

/**
 * Gives a token of Azure for an address; a double on this machine gets none of the organisation's.
 */
export type CredentialFor = (place: { readonly address: string; readonly isLoopback: boolean }) => Promise<TokenCredential>;

/** What a store may use. Each takes what it needs. */
export interface EscrowTools {
  readonly clock: Clock;
  readonly uuid: () => string;
  /** Asked at the first `put` into a store of Azure. */
  readonly credential: CredentialFor;
  /** The process's variables, for what a store is not to read from the configuration. */
  readonly environment?: NodeJS.ProcessEnv;
  /** PEM of a certificate to trust, for a Key Vault double. */
  readonly caCertificate?: string;
}

/** Touches nothing until the first `put`. */
export interface OpenedEscrow extends EscrowStore, EscrowWatch {
  describe(): string;
  /**
   * Throws `EscrowError` where the store does not answer, or does not let us in; writes nothing.
   */
  reach(): Promise<void>;
}

import type { TokenCredential } from "@azure/identity";
import type { Clock, EscrowStore } from "../domain/ports.ts";

<<<<<<< 147597d0e018dcf994d62b0b6b3dbab8270ca1e2
/**
 * Gives a token of Azure for an address; a double on this machine gets none of the organisation's.
 */
export type CredentialFor = (place: { readonly address: string; readonly isLoopback: boolean }) => Promise<TokenCredential>;

/** What a store may use. Each takes what it needs. */
export interface EscrowTools {
=======
/** What a folder needs, and what a Key Vault needs: the location says which of them it is. */
export interface EscrowOptions extends LocationRules {
  /** The configuration key `escrow`: `file:FOLDER` or `https://NAME.vault.azure.net`. */
  readonly location: string;
  /** For a Key Vault; asked at the first `put`. */
  readonly credential: () => Promise<TokenCredential>;
>>>>>>> deec9e555e9eefd8afe8395e966d1c00a9552e8b
  readonly clock: Clock;
  readonly uuid: () => string;
  /** Asked at the first `put` into a store of Azure. */
  readonly credential: CredentialFor;
  /** The process's variables, for what a store is not to read from the configuration. */
  readonly environment?: NodeJS.ProcessEnv;
  /** PEM of a certificate to trust, for a Key Vault double. */
  readonly caCertificate?: string;
}

<<<<<<< 147597d0e018dcf994d62b0b6b3dbab8270ca1e2
/** Touches nothing until the first `put`. */
=======
/** A store that can also be named in a message, without any secret. */
>>>>>>> deec9e555e9eefd8afe8395e966d1c00a9552e8b
export interface OpenedEscrow extends EscrowStore {
  describe(): string;
}

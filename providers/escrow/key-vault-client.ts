import type { TokenCredential } from "@azure/identity";
import type { SecretClient } from "@azure/keyvault-secrets";

export interface VaultClientOptions {
  readonly vaultUrl: string;
  /** A double on this machine: its challenge cannot name its own address as a vault's would. */
  readonly isLoopback: boolean;
  readonly credential: () => Promise<TokenCredential>;
  /** PEM of a certificate to trust, for a double. */
  readonly caCertificate?: string;
  /** First delay between attempts, in milliseconds; it doubles. */
  readonly retryDelayMs?: number;
}

/** Three more attempts, none later than ten seconds: a vault that throttles longer is told to the user. */
const RETRIES = 3;
const MAX_RETRY_DELAY_MS = 10_000;

/** For one call with all its attempts. */
export const VAULT_TIMEOUT_MS = 60_000;

export async function openVaultClient(options: VaultClientOptions): Promise<SecretClient> {
  const { SecretClient } = await import("@azure/keyvault-secrets");
  return new SecretClient(options.vaultUrl, await options.credential(), {
    disableChallengeResourceVerification: options.isLoopback,
    redirectOptions: { handleRedirects: false },
    retryOptions: { maxRetries: RETRIES, retryDelayInMs: options.retryDelayMs ?? 1_000, maxRetryDelayInMs: MAX_RETRY_DELAY_MS },
    ...(options.caCertificate === undefined ? {} : { tlsOptions: { ca: options.caCertificate } }),
  });
}

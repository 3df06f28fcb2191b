import type { TokenCredential } from "@azure/identity";
import type { SecretClient, SecretClientOptions } from "@azure/keyvault-secrets";

/** How a vault is reached; `credential` is asked for when the client is opened. */
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

/**
 * Three more attempts, none later than ten seconds: a vault that throttles longer is told to the
 * user.
 */
const RETRIES = 3;
const MAX_RETRY_DELAY_MS = 10_000;

/** For one call with all its attempts. */
export const VAULT_TIMEOUT_MS = 60_000;

/**
 * A vault counts requests over some seconds, and says 429 without telling how many; the client
 * would then not try again at all.
 */
const THROTTLED_DELAYS = 4;

/**
 * Loads the library when it is first needed. Follows no redirect: a secret goes to no other host.
 */
export async function openVaultClient(options: VaultClientOptions): Promise<SecretClient> {
  const { SecretClient } = await import("@azure/keyvault-secrets");
  const retryDelayMs = options.retryDelayMs ?? 1_000;
  return new SecretClient(options.vaultUrl, await options.credential(), {
    disableChallengeResourceVerification: options.isLoopback,
    redirectOptions: { handleRedirects: false },
    retryOptions: { maxRetries: RETRIES, retryDelayInMs: retryDelayMs, maxRetryDelayInMs: MAX_RETRY_DELAY_MS },
    additionalPolicies: [{ policy: waitWhenThrottled(retryDelayMs * THROTTLED_DELAYS), position: "perRetry" }],
    ...(options.caCertificate === undefined ? {} : { tlsOptions: { ca: options.caCertificate } }),
  });
}

type Policy = NonNullable<SecretClientOptions["additionalPolicies"]>[number]["policy"];

function waitWhenThrottled(delayMs: number): Policy {
  return {
    name: "waitWhenThrottled",
    sendRequest: async (request, next) => {
      const response = await next(request);
      if (response.status === 429 && !response.headers.has("retry-after")) response.headers.set("retry-after-ms", String(delayMs));
      return response;
    },
  };
}

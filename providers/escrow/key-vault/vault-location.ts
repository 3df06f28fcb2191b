import { ConfigurationError } from "../../domain/errors.ts";
import { isLoopbackHost } from "../../support/cloud.ts";
import type { LocationRules } from "../escrow-store.ts";
import { notAReference } from "../reference.ts";

/** A vault by its address. */
export interface VaultLocation {
  readonly url: string;
  /** A double on this machine. */
  readonly isLoopback: boolean;
}

/** Throws `ConfigurationError` for an address that is none of a vault, often with `supported`. */
export function parseVault(text: string, rules: LocationRules, supported: string): VaultLocation {
  const url = new URL(text);
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "") {
    throw new ConfigurationError(`the escrow ${JSON.stringify(text)} has more in it than a vault's name`, { hint: supported });
  }
  const isLoopback = isLoopbackHost(url.hostname);
  if (isLoopback ? rules.isLoopbackGraph : isVaultHost(url, rules.vaultSuffixes)) return { url: url.origin, isLoopback };
  throw new ConfigurationError(`the escrow ${JSON.stringify(text)} is not a Key Vault of the chosen cloud`, {
    hint: isLoopback
      ? "a vault on this machine is for a Graph endpoint on this machine only"
      : `a vault's name ends in ${rules.vaultSuffixes.join(" or ")}; check the configuration keys \`escrow\` and \`cloud\``,
  });
}

/** One label before the suffix, as vaults have it, and no port. */
function isVaultHost(url: URL, suffixes: readonly string[]): boolean {
  return suffixes.some((suffix) => {
    const ending = `.${suffix.replace(/^\./, "")}`;
    return url.port === "" && url.hostname.endsWith(ending) && /^[a-z0-9-]{3,24}$/.test(url.hostname.slice(0, -ending.length));
  });
}

/** One version of one secret in a vault. */
export interface VaultReference {
  readonly vaultUrl: string;
  readonly name: string;
  readonly version: string;
}

const VAULT_PATH = /^\/secrets\/([0-9A-Za-z-]{1,127})\/([0-9A-Za-z]{1,64})$/;

/** Throws `ConfigurationError` for anything that no `put` into a vault gives back. */
export function parseVaultReference(text: string): VaultReference {
  const url = URL.parse(text);
  const [, name, version] = VAULT_PATH.exec(url?.pathname ?? "") ?? [];
  if (url?.protocol !== "https:" || url.search !== "" || url.username !== "" || name === undefined || version === undefined)
    throw notAReference(text);
  return { vaultUrl: url.origin, name, version };
}

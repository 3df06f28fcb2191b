import { isAbsolute, resolve } from "node:path";
import { ConfigurationError } from "../domain/errors.ts";
import { isLoopbackHost } from "../support/cloud.ts";

/** Where secrets go. One member per kind of store. */
export type EscrowLocation =
  | {
      readonly kind: "file";
      /** Absolute path. */
      readonly folder: string;
      /** As the user wrote it behind `file:`, with slashes; references repeat it. */
      readonly text: string;
    }
  | { readonly kind: "vault"; readonly url: string; readonly isLoopback: boolean };

/**
 * What a location is checked against, so that no code goes to another cloud or out of the project.
 */
export interface LocationRules {
  /** The project's folder; relative locations start there. */
  readonly root: string;
  /** DNS suffixes that vaults of the chosen cloud have, such as `vault.azure.net`. */
  readonly vaultSuffixes: readonly string[];
  /** A vault on this machine is a double: real codes must not go there. */
  readonly isLoopbackGraph: boolean;
}

/** Throws `ConfigurationError` for a place that no escrow of this version can live in. */
export function parseEscrowLocation(text: string, rules: LocationRules): EscrowLocation {
  if (text.startsWith("file:")) return parseFolder(text, rules.root);
  return parseVault(text, rules);
}

const SUPPORTED = "write `file:FOLDER` or `https://NAME.vault.azure.net`, for example `pulumi config set escrow file:escrow`";

function parseFolder(text: string, root: string): EscrowLocation {
  const written = text.slice("file:".length).replaceAll("\\", "/").replace(/\/+$/, "");
  if (written === "" || written.startsWith("//") || /\p{Cc}/u.test(written)) {
    throw new ConfigurationError(`the escrow ${JSON.stringify(text)} names no folder`, { hint: SUPPORTED });
  }
  return { kind: "file", folder: isAbsolute(written) ? written : resolve(root, written), text: written };
}

function parseVault(text: string, rules: LocationRules): EscrowLocation {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.protocol !== "https:") {
    throw new ConfigurationError(`the escrow ${JSON.stringify(text)} is of a kind that is not supported`, { hint: SUPPORTED });
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "") {
    throw new ConfigurationError(`the escrow ${JSON.stringify(text)} has more in it than a vault's name`, { hint: SUPPORTED });
  }
  const isLoopback = isLoopbackHost(url.hostname);
  if (isLoopback ? rules.isLoopbackGraph : isVaultHost(url, rules.vaultSuffixes)) return { kind: "vault", url: url.origin, isLoopback };
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

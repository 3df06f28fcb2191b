import { ConfigurationError } from "../../domain/errors.ts";
import { isLoopbackHost } from "../../support/cloud.ts";
import type { LocationRules } from "../ledger-store.ts";

/** A container for blobs in Azure Storage. */
export interface ContainerLocation {
  /** The account's address without a slash at its end: `https://ACCOUNT.blob.core.windows.net` */
  readonly account: string;
  readonly url: string;
  /** A double on this machine: `http://127.0.0.1:PORT/ACCOUNT/CONTAINER` */
  readonly isLoopback: boolean;
}

/**
 * Source:
 * https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
 */
const CONTAINER = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;
const ACCOUNT = /^[a-z0-9]{3,24}$/;

/** Throws `ConfigurationError` for an address that is none of a container. */
export function parseContainer(text: string, rules: LocationRules): ContainerLocation {
  const url = new URL(text);
  const shown = JSON.stringify(`${url.origin}${url.pathname}`);
  // What stands there may be a signature that opens the account: it is not shown.
  if (url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "") {
    const hint =
      "leave out what follows the container's name: runs sign in with the credential of the environment, never with a key or a SAS";
    throw new ConfigurationError(`the ledger ${shown} has more in it than an account and a container`, { hint });
  }
  const parts = url.pathname.replace(/\/$/, "").split("/").slice(1);
  return isLoopbackHost(url.hostname) ? onLoopback(url, parts, shown, rules) : inCloud(url, parts, shown, rules);
}

function inCloud(url: URL, parts: readonly string[], shown: string, { blobSuffixes }: LocationRules): ContainerLocation {
  if (url.protocol !== "https:" || !isAccountHost(url, blobSuffixes)) {
    const hint = `an account's address is https://ACCOUNT.${blobSuffixes.join(" or https://ACCOUNT.")}; check the configuration keys \`ledger\` and \`cloud\``;
    throw new ConfigurationError(`the ledger ${shown} is not in Azure Storage of the chosen cloud`, { hint });
  }
  const [container, ...more] = parts;
  if (container === undefined || more.length > 0 || !CONTAINER.test(container)) {
    throw new ConfigurationError(`the ledger ${shown} names no container`, { hint: `write ${url.origin}/CONTAINER` });
  }
  return { account: url.origin, url: `${url.origin}/${container}`, isLoopback: false };
}

function onLoopback(url: URL, parts: readonly string[], shown: string, { isLoopbackGraph }: LocationRules): ContainerLocation {
  const [account, container, ...more] = parts;
  if (!isLoopbackGraph) {
    const hint = "storage on this machine is for a Graph endpoint on this machine only";
    throw new ConfigurationError(`the ledger ${shown} is not in Azure Storage of the chosen cloud`, { hint });
  }
  if (account === undefined || container === undefined || more.length > 0 || !ACCOUNT.test(account) || !CONTAINER.test(container)) {
    throw new ConfigurationError(`the ledger ${shown} names no account and container`, { hint: `write ${url.origin}/ACCOUNT/CONTAINER` });
  }
  return { account: `${url.origin}/${account}`, url: `${url.origin}/${account}/${container}`, isLoopback: true };
}

/** One label before the suffix, as accounts have it, and no port. */
function isAccountHost(url: URL, suffixes: readonly string[]): boolean {
  return suffixes.some((suffix) => {
    const ending = `.${suffix}`;
    return url.port === "" && url.hostname.endsWith(ending) && ACCOUNT.test(url.hostname.slice(0, -ending.length));
  });
}

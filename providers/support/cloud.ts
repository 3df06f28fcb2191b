import { CLOUD_NAMES, type CloudName } from "../domain/cloud-name.ts";
import { ConfigurationError } from "../domain/errors.ts";

export { CLOUD_NAMES };

/** Short for `CloudName`, where its hosts are meant. */
export type Cloud = CloudName;

/** The hosts of one Microsoft cloud. Suffixes have no leading dot. */
export interface CloudHosts {
  readonly graphHost: string;
  readonly loginHost: string;
  readonly vaultSuffix: string;
  readonly blobSuffix: string;
  /** Azure Resource Manager. */
  readonly managementHost: string;
}

/**
 * Sources: https://learn.microsoft.com/graph/deployments,
 * https://learn.microsoft.com/azure/china/resources-developer-guide
 */
export const CLOUDS = {
  global: {
    graphHost: "graph.microsoft.com",
    loginHost: "login.microsoftonline.com",
    vaultSuffix: "vault.azure.net",
    blobSuffix: "blob.core.windows.net",
    managementHost: "management.azure.com",
  },
  usGovernment: {
    graphHost: "graph.microsoft.us",
    loginHost: "login.microsoftonline.us",
    vaultSuffix: "vault.usgovcloudapi.net",
    blobSuffix: "blob.core.usgovcloudapi.net",
    managementHost: "management.usgovcloudapi.net",
  },
  usGovernmentDod: {
    graphHost: "dod-graph.microsoft.us",
    loginHost: "login.microsoftonline.us",
    vaultSuffix: "vault.usgovcloudapi.net",
    blobSuffix: "blob.core.usgovcloudapi.net",
    managementHost: "management.usgovcloudapi.net",
  },
  china: {
    graphHost: "microsoftgraph.chinacloudapi.cn",
    loginHost: "login.chinacloudapi.cn",
    vaultSuffix: "vault.azure.cn",
    blobSuffix: "blob.core.chinacloudapi.cn",
    managementHost: "management.chinacloudapi.cn",
  },
} as const satisfies Record<Cloud, CloudHosts>;

/** A base address of Graph that may be given a token. */
export interface GraphEndpoint {
  /** `https://graph.microsoft.com`: scheme, host and port, nothing after it. */
  readonly origin: string;
  /**
   * A double on this machine: it needs no sign-in and never gets a credential of the
   * organisation's.
   */
  readonly isLoopback: boolean;
}

/**
 * The endpoint of the cloud, or the one given instead. Throws `ConfigurationError` for a host that
 * must never see a token.
 */
export function parseGraphEndpoint(cloud: Cloud, graphEndpoint: string | undefined): GraphEndpoint {
  if (graphEndpoint === undefined) return { origin: `https://${CLOUDS[cloud].graphHost}`, isLoopback: false };
  const url = parseBase(graphEndpoint);
  if (isLoopbackHost(url.hostname)) return { origin: url.origin, isLoopback: true };
  const owner = CLOUD_NAMES.find((name) => CLOUDS[name].graphHost === url.hostname);
  if (owner === undefined) throw endpointError(`${url.hostname} is not a Graph host of any cloud`);
  if (owner !== cloud) throw endpointError(`${url.hostname} is the Graph of ${owner}, while cloud is ${cloud}`);
  if (url.protocol !== "https:") throw endpointError("plain http is for loopback only");
  if (url.port !== "") throw endpointError("Graph is served on the port of https only");
  return { origin: url.origin, isLoopback: false };
}

/** Throws `ConfigurationError` for a name that is not in the table. */
export function parseCloud(name: string): Cloud {
  const cloud = CLOUD_NAMES.find((known) => known === name);
  if (cloud !== undefined) return cloud;
  throw new ConfigurationError(`unknown cloud "${name}"`, { hint: `cloud is one of ${CLOUD_NAMES.join(", ")}` });
}

/** True for 127.0.0.0/8, ::1 and localhost, spelled as `URL.hostname` spells them. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}

/** The text is not repeated in errors: it may hold a password. */
function parseBase(text: string): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) throw endpointError("it is not an http(s) address");
  if (url.username !== "" || url.password !== "") throw endpointError("an address with a user name or password in it is never used");
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "")
    throw endpointError("nothing may follow the host: the version is added here");
  return url;
}

function endpointError(why: string): ConfigurationError {
  return new ConfigurationError(`graphEndpoint cannot be used: ${why}`, {
    hint: `leave graphEndpoint out, or name a loopback address (http://127.0.0.1:8787) or one of ${CLOUD_NAMES.map((name) => `https://${CLOUDS[name].graphHost}`).join(", ")}`,
  });
}

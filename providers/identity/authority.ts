import { ConfigurationError } from "../domain/errors.ts";
import { CLOUDS, type Cloud, isLoopbackHost } from "../support/cloud.ts";

/** The process's variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where identities sign in. */
export interface Authority {
  /** `https://login.microsoftonline.com`: scheme, host and port, nothing after it. */
  readonly url: string;
  /**
   * A double on this machine: what it issues opens nothing, and it gets no credential of the
   * organisation's.
   */
  readonly isLoopback: boolean;
  readonly cloud: Cloud;
}

/** A variable's text, or null where it is absent or blank. */
export function readVariable(env: Environment, name: string): string | null {
  const text = env[name]?.trim() ?? "";
  return text === "" ? null : text;
}

/**
 * Where credentials are shown: the cloud's login host, or a double on this machine. Nothing else
 * ever sees a secret.
 */
export function authorityOf(env: Environment, cloud: Cloud): Authority {
  const expected = `https://${CLOUDS[cloud].loginHost}`;
  const given = readVariable(env, "AZURE_AUTHORITY_HOST");
  if (given === null) return { url: expected, isLoopback: false, cloud };
  const url = URL.parse(given);
  const isLoopback = url !== null && isLoopbackHost(url.hostname);
  if (url?.protocol === "https:" && (isLoopback || url.origin === expected)) return { url: url.origin, isLoopback, cloud };
  throw new ConfigurationError("AZURE_AUTHORITY_HOST is not the login host of the cloud", {
    hint: `unset it, or set it to ${expected}, the login host of cloud ${cloud}`,
  });
}

/**
 * Other names under which Microsoft's login service of a cloud answers, and names itself in its own
 * documents.
 */
const OTHER_LOGIN_HOSTS: Readonly<Record<Cloud, readonly string[]>> = {
  global: ["login.windows.net", "login.microsoft.com", "sts.windows.net"],
  usGovernment: ["login.usgovcloudapi.net"],
  usGovernmentDod: ["login.usgovcloudapi.net"],
  china: ["login.partner.microsoftonline.cn"],
};

/** `westeurope.login.microsoft.com`: the login service of one Azure region. */
const REGIONAL_SUFFIX = ".login.microsoft.com";

/**
 * Whether a secret may be shown there: an address that the login service itself names is looked at
 * like any other.
 */
export function isLoginAddress(url: URL, authority: Authority): boolean {
  if (url.protocol !== "https:") return false;
  if (url.origin === authority.url) return true;
  if (authority.isLoopback || url.port !== "") return false;
  const isRegional = authority.cloud === "global" && url.hostname.endsWith(REGIONAL_SUFFIX);
  return isRegional || OTHER_LOGIN_HOSTS[authority.cloud].includes(url.hostname);
}

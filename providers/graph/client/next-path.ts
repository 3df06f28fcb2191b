import { type GraphEndpoint, isLoopbackHost } from "../../support/cloud.ts";

/** A list of Graph's, by its version and its path. */
export interface ListPlace {
  readonly endpoint: GraphEndpoint;
  readonly version: "v1.0" | "beta";
  readonly list: string;
}

/**
 * Path of the page that a `@odata.nextLink` leads to; null after the last page. A link may continue
 * the same list of the same Graph and nothing else: `undefined` for any other. Behind a proxy on
 * this machine the port may be another's.
 */
export function nextPath(link: unknown, { endpoint, version, list }: ListPlace): string | null | undefined {
  if (link === undefined || link === null) return null;
  const url = typeof link === "string" ? URL.parse(link) : null;
  const isOurs = url !== null && (url.origin === endpoint.origin || (endpoint.isLoopback && isLoopbackHost(url.hostname)));
  return isOurs && url.pathname === `/${version}${list}` ? `${list}${url.search}` : undefined;
}

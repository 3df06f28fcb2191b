import { GraphReadError } from "../../domain/errors.ts";
import { type GraphEndpoint, isLoopbackHost } from "../../support/cloud.ts";
import { readError } from "../client/answer.ts";
import type { GraphClient } from "../client/graph-client.ts";
import type { GraphCallFacts } from "../client/middleware/graph-call.ts";
import { isOk, parseBody } from "../devices/device-reads.ts";

/**
 * Everything of a list, page after page. Throws `GraphReadError`, also for a list that leads
 * elsewhere or does not end: half a list would be none of what is not in it.
 */
export async function readList(client: GraphClient, endpoint: GraphEndpoint, facts: GraphCallFacts): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  const seen = new Set<string>();
  for (let path: string | null = facts.path; path !== null; ) {
    if (seen.has(path) || seen.size >= client.limits.endlessPages) throw new GraphReadError(`the list at ${facts.path} does not end`);
    seen.add(path);
    const answer = await client.read({ ...facts, path });
    if (!isOk(answer)) throw readError(`the list at ${facts.path}`, answer, answer.secrets);
    const { value, "@odata.nextLink": link } = parseBody(answer);
    if (!Array.isArray(value)) throw new GraphReadError(`the list at ${facts.path} has an unknown form`);
    items.push(...(value as readonly unknown[]));
    path = link === undefined || link === null ? null : nextPath(link, endpoint, facts);
  }
  return items;
}

/** A link may continue the same list of the same Graph, and nothing else. */
function nextPath(link: unknown, endpoint: GraphEndpoint, { version, path }: GraphCallFacts): string {
  const url = typeof link === "string" ? URL.parse(link) : null;
  const list = path.split("?", 1)[0] ?? "";
  const isOurs = url !== null && (url.origin === endpoint.origin || (endpoint.isLoopback && isLoopbackHost(url.hostname)));
  if (!isOurs || url.pathname !== `/${version}${list}`) throw new GraphReadError(`the list at ${path} leads to another address`);
  return `${list}${url.search}`;
}

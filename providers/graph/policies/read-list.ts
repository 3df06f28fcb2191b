import { GraphReadError } from "../../domain/errors.ts";
import type { GraphEndpoint } from "../../support/cloud.ts";
import { readError } from "../client/answer.ts";
import type { GraphClient } from "../client/graph-client.ts";
import type { GraphCallFacts } from "../client/middleware/graph-call.ts";
import { nextPath } from "../client/next-path.ts";
import { isOk, parseBody } from "../devices/device-reads.ts";

/**
 * Everything of a list, page after page. Throws `GraphReadError`, also for a list that leads
 * elsewhere or does not end: half a list would be none of what is not in it.
 */
export async function readList(client: GraphClient, endpoint: GraphEndpoint, facts: GraphCallFacts): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  const { version } = facts;
  const place = { endpoint, version, list: facts.path.split("?", 1)[0] ?? "" };
  const seen = new Set<string>();
  for (let path: string | null | undefined = facts.path; path !== null; ) {
    if (path === undefined) throw new GraphReadError(`the list at ${facts.path} leads to another address`);
    if (seen.has(path) || seen.size >= client.limits.endlessPages) throw new GraphReadError(`the list at ${facts.path} does not end`);
    seen.add(path);
    const answer = await client.read({ ...facts, path });
    if (!isOk(answer)) throw readError(`the list at ${facts.path}`, answer, answer.secrets);
    const { value, "@odata.nextLink": link } = parseBody(answer);
    if (!Array.isArray(value)) throw new GraphReadError(`the list at ${facts.path} has an unknown form`);
    items.push(...(value as readonly unknown[]));
    path = nextPath(link, place);
  }
  return items;
}

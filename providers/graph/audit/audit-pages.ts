import { GraphReadError } from "../../domain/errors.ts";
import { isObject } from "../../domain/json.ts";
import { readError } from "../client/answer.ts";
import type { GraphClient, ReadAnswer } from "../client/graph-client.ts";
import { type ListPlace, nextPath } from "../client/next-path.ts";
import { get } from "../client/read-call.ts";
import { isOk, parseBody } from "../devices/device-reads.ts";
import type { Entry } from "./audit-fields.ts";

/** A list of audit entries, with the path of its first page and of one without a filter. */
export interface AuditList extends ListPlace {
  readonly first: string;
  /** For people. */
  readonly what: string;
}

/** All pages of a list, as far as they could be read. */
export interface AuditPages {
  readonly entries: readonly Entry[];
  /** The first page's answer. */
  readonly answer: ReadAnswer;
  /** Why there may be more, in words, or null. */
  readonly incomplete: string | null;
}

/**
 * Reads page after page. Throws `GraphReadError`, with Graph's status, where the first one cannot
 * be had; a later one that cannot leaves what was read before it. A filter that Graph does not take
 * (400) is left out.
 */
export async function readPages(client: GraphClient, list: AuditList): Promise<AuditPages> {
  const ask = (path: string) => client.read({ ...get(path), version: list.version });
  const filtered = await ask(list.first);
  const answer = filtered.status === 400 ? await ask(list.list) : filtered;
  if (!isOk(answer)) throw readError(list.what, answer, answer.secrets);
  const pages = new Pages(list);
  let next = pages.add(answer);
  try {
    while (next !== null) {
      client.progress(`read ${pages.entries.length} entries of ${list.what}, and there are more`);
      const page = await ask(next);
      if (!isOk(page)) throw readError(list.what, page, page.secrets);
      next = pages.add(page);
      if (pages.read >= client.limits.endlessPages) throw new GraphReadError(`${list.what} does not end: ${pages.read} pages were read`);
    }
  } catch (error) {
    if (!(error instanceof GraphReadError)) throw error;
    return { entries: pages.entries, answer, incomplete: error.message };
  }
  return {
    entries: pages.entries,
    answer,
    incomplete: pages.unreadable === 0 ? null : `${pages.unreadable} of its entries are unreadable`,
  };
}

class Pages {
  readonly entries: Entry[] = [];
  /** Pages so far. */
  read = 0;
  /** Entries that are no objects. */
  unreadable = 0;
  readonly #list: AuditList;
  readonly #seen = new Set<string>();

  constructor(list: AuditList) {
    this.#list = list;
  }

  /** Gives the path of the next page, null after the last. */
  add(answer: ReadAnswer): string | null {
    const { value, "@odata.nextLink": link } = parseBody(answer);
    const { what } = this.#list;
    if (!Array.isArray(value)) throw new GraphReadError(`Graph's answer has another form than expected: ${what} has no list`);
    const entries = value.filter(isObject);
    this.entries.push(...entries);
    this.unreadable += value.length - entries.length;
    this.read += 1;
    const next = nextPath(link, this.#list);
    if (next === undefined) throw new GraphReadError(`${what} leads to an address that is not its own`);
    if (next !== null && this.#seen.has(next)) throw new GraphReadError(`${what} does not end: a page leads back to one before it`);
    if (next !== null) this.#seen.add(next);
    return next;
  }
}

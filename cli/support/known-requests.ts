import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import { listName, requestNameOf } from "../../providers/domain/request.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { didYouMean } from "../../providers/support/did-you-mean.ts";

/** One generation of a request, as the ledger knows it. */
export interface KnownRequest {
  /** `NAME#generation` */
  readonly key: string;
  readonly name: string;
  readonly generation: number;
  readonly records: readonly RequestRecord[];
}

/** Every request that something was ever recorded for, oldest first. */
export function knownRequests(records: readonly LedgerRecord[]): readonly KnownRequest[] {
  const ofRequests = records.filter((record): record is RequestRecord => "key" in record);
  return [...Map.groupBy(ofRequests, ({ key }) => key)].map(([key, own]) => {
    const name = requestNameOf(key);
    return { key, name, generation: Number(key.slice(name.length + 1)), records: own };
  });
}

/**
 * What a name means: a request with all its generations or, by its key, one of them; and the
 * members of a list. Seldom both.
 */
export interface Named {
  readonly own: readonly KnownRequest[];
  readonly members: readonly KnownRequest[];
}

/**
 * `asked` is a name, a name with `#generation`, or the name of a list; none found is two empty
 * lists.
 */
export function requestsNamed(asked: string, all: readonly KnownRequest[]): Named {
  return {
    own: all.filter(({ key, name }) => key === asked || name === asked),
    members: all.filter((request) => isMember(request) && listName(request.name) === asked),
  };
}

/** True for one device's part of a list. */
export function isMember({ name }: KnownRequest): boolean {
  return listName(name) !== name;
}

/** The newest generation of each request, which alone says how the request stands now. */
export function newestGenerations(requests: readonly KnownRequest[]): readonly KnownRequest[] {
  return [...Map.groupBy(requests, ({ name }) => name).values()].map((own) =>
    own.reduce((newest, one) => (one.generation > newest.generation ? one : newest)),
  );
}

/** Of each request the generation that is asked for, else the newest. */
export function ofGeneration(requests: readonly KnownRequest[], generation: number | null): readonly KnownRequest[] {
  return newestGenerations(generation === null ? requests : requests.filter((request) => request.generation === generation));
}

/**
 * ` (did you mean "summer"?)`, or nothing: a name of a list, of a request, or of a member of the
 * list that was named.
 */
export function nearName(asked: string, all: readonly KnownRequest[]): string {
  const names = new Set(all.flatMap(({ name }) => (asked.includes("/") ? [name] : [listName(name)])));
  return didYouMean(asked, [...names], names.size);
}

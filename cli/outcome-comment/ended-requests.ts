import { requestKey } from "../../providers/domain/request.ts";
import { historyOf } from "../../providers/engine/history.ts";
import type { Standing } from "../../providers/engine/standing.ts";
import type { LoadedRequests } from "../../providers/request/load-requests.ts";
import { sha256 } from "../../review/digest.ts";
import { rowOf, type StatusRow } from "../status/row.ts";
import { type KnownRequest, newestGenerations } from "../support/known-requests.ts";
import type { Line } from "./blame.ts";

/** A request that no run goes on with by itself, and where it stands in the files. */
export interface EndedRequest extends StatusRow {
  readonly line: Line;
  /** 12 hexadecimal digits: of this end of this request, the same in every run. */
  readonly mark: string;
}

/** An issue of the same repository that a ticket names, else null. */
export function issueOf({ ticket }: Pick<StatusRow, "ticket">): number | null {
  const [, number] = /^(?:#|GH-)([1-9]\d{0,9})$/i.exec(ticket ?? "") ?? [];
  return number === undefined ? null : Number(number);
}

const ENDS: readonly Standing[] = ["succeeded", "failed", "expired", "ambiguous"];

/**
 * Of the requests that are in the files as they ran, those that came to their end since then, in
 * milliseconds. `ledger` names it: two may know requests of one name.
 */
export function endedSince(
  known: readonly KnownRequest[],
  { requests }: Pick<LoadedRequests, "requests">,
  since: number,
  ledger: string,
): readonly EndedRequest[] {
  const lines = new Map(requests.map((request) => [requestKey(request), request.places.generation ?? request.source]));
  return newestGenerations(known).flatMap((request) => {
    const row = rowOf(request);
    const line = lines.get(request.key);
    if (line === undefined || !ENDS.includes(row.standing) || Date.parse(row.since) < since) return [];
    // An edited request that fails again has another edition: it is another end.
    const edition = historyOf(request.records).standing?.edition ?? "";
    return [{ ...row, line, mark: sha256([ledger, request.key, row.standing, edition].join("\n")).slice(0, 12) }];
  });
}

import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import type { AuditFile, AuditLine } from "../../providers/escrow/audit-file.ts";
import { type BrakeChange, type Period, REQUESTS_FORMAT, type RequestsReport, type Reveal, type Settlement } from "./report.ts";
import { type RecordedRequest, reportedRequest } from "./reported-request.ts";
import { totalsOf } from "./requests-totals.ts";

/** What a report of requests is made from. */
export interface RequestsSource {
  /** The whole ledger, and the same by request. */
  readonly records: readonly LedgerRecord[];
  readonly requests: readonly RecordedRequest[];
  readonly audit: AuditFile;
}

/** What a report is to be of. */
export interface RequestsTerms {
  readonly where: string;
  readonly period: Period;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The requests to which anything was done within the period, each as it stood at the period's end:
 * so the report of a month that is over says the same whenever it is made.
 */
export function makeRequestsReport({ records, requests, audit }: RequestsSource, { where, period, now }: RequestsTerms): RequestsReport {
  const isWithin = within(period);
  const known = audit.lines.filter(({ at }) => isBefore(at, period));
  const revealsOf = Map.groupBy(known, ({ requestKey }) => requestKey);
  const concerned = requests
    .map((request) => ({ ...request, records: request.records.filter(({ at }) => isBefore(at, period)) }))
    .filter(({ key, records: own }) => [...own, ...(revealsOf.get(key) ?? [])].some(({ at }) => isWithin(at)));
  const rows = concerned.map((request) => reportedRequest(request, audit.isThere ? (revealsOf.get(request.key) ?? []) : null));
  return {
    format: REQUESTS_FORMAT,
    kind: "requests",
    at: new Date(now).toISOString(),
    where,
    period,
    totals: totalsOf(rows, isWithin),
    reveals: audit.isThere ? known.filter(({ at }) => isWithin(at)).map(revealOf) : null,
    revealsFrom: audit.file,
    revealsUnreadable: audit.unreadable,
    settlements: concerned.flatMap((request) => settlementsOf(request).filter(({ at }) => isWithin(at))),
    brake: records.flatMap((record) => (record.kind === "brake" && isWithin(record.at) ? [brakeOf(record)] : [])),
    chosen: [],
    requests: rows,
  };
}

function isBefore(at: string, { until }: Period): boolean {
  return until === null || Date.parse(at) < Date.parse(until);
}

function within(period: Period): (at: string) => boolean {
  return (at) => isBefore(at, period) && (period.from === null || Date.parse(at) >= Date.parse(period.from));
}

function settlementsOf({ key, records }: RecordedRequest): readonly Settlement[] {
  const plan = records.find((record) => record.kind === "begun")?.plan;
  return records.flatMap((record: RequestRecord) =>
    record.kind === "settled"
      ? [
          {
            at: record.at,
            who: record.who,
            why: record.why,
            decision: record.decision,
            request: key,
            step: record.step + 1,
            action: plan?.steps[record.step]?.action ?? null,
          },
        ]
      : [],
  );
}

function revealOf({ at, who, action, kind, reference, requestKey }: AuditLine): Reveal {
  return { at, who, action, secret: kind, reference, request: requestKey };
}

function brakeOf({ at, state, who, reason }: BrakeChange): BrakeChange {
  return { at, state, who, reason };
}

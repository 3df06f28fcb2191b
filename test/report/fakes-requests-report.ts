import { knownRequests } from "../../cli/support/known-requests.ts";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import type { AuditFile, AuditLine } from "../../providers/escrow/audit-file.ts";
import { makeRequestsReport } from "../../report/requests/make-requests-report.ts";
import type { Period, RequestsReport } from "../../report/requests/report.ts";
import { why } from "../contract/sample-records.ts";
import { AT, begun, escrowed, finished, intent, outcome, result, settled } from "../support/fakes-records.ts";
import { NOW } from "./report-fixture.ts";

/** The month of the records of these tests. */
export const NOVEMBER: Period = { from: "2026-11-01T00:00:00.000Z", until: "2026-12-01T00:00:00.000Z", text: "2026-11" };

/** So many minutes after the first record. */
export function minutesOn(minutes: number): string {
  return new Date(Date.parse(AT) + minutes * 60_000).toISOString();
}

/** The same records of another request. */
export function of(name: string, records: readonly RequestRecord[], generation = 1): readonly RequestRecord[] {
  return records.map((record) => ({ ...record, key: `${name}#${generation}` }));
}

/** Began, escrowed, sent and done within ten minutes. */
export function doneStory(changes: Parameters<typeof why>[0] = {}): readonly RequestRecord[] {
  return [
    begun(undefined, { why: why(changes) }),
    escrowed(0, { at: minutesOn(1) }),
    intent(0, { at: minutesOn(2) }),
    result(0, "accepted", { at: minutesOn(2) }),
    finished(0, "done", { at: minutesOn(9) }),
    outcome("succeeded", { at: minutesOn(10) }),
  ];
}

export function revealed(changes: Partial<AuditLine> = {}): AuditLine {
  return {
    at: minutesOn(30),
    who: "anna",
    action: "reveal",
    reference: "file:escrow/0123456789abcdef",
    kind: "activationLockBypassCode",
    device: "a1b2c3d4-0000-4000-8000-000000000001",
    requestKey: "leaver#1",
    ...changes,
  };
}

export function auditOf(lines: readonly AuditLine[], changes: Partial<AuditFile> = {}): AuditFile {
  return { file: "escrow/audit.jsonl", isThere: true, lines, unreadable: 0, ...changes };
}

export function requestsReport(records: readonly LedgerRecord[], audit = auditOf([]), period = NOVEMBER): RequestsReport {
  const terms = { where: "stack prod · ledger file:ledger", period, now: NOW };
  return makeRequestsReport({ records, requests: knownRequests(records), audit }, terms);
}

/** One request of each kind, with a brake, a settlement and a reveal. */
export const VARIED_REQUESTS: readonly LedgerRecord[] = [
  ...of("leaver", doneStory({ ticket: "INC-1", who: "anna" })),
  ...of("summer/A", [begun(undefined, { why: why({ ticket: "INC-2", who: "boris" }) }), outcome("pending", { at: minutesOn(3) })]),
  { kind: "brake", state: "stop", stop: "s1", who: "boris", reason: "wrong list", at: minutesOn(5) },
  ...of("summer/B", [begun(), outcome("failed", { at: minutesOn(60), message: "the device said no" })]),
  ...of("doubt", [
    begun(undefined, { why: why({ ticket: null, who: "anna" }) }),
    intent(0, { at: minutesOn(1) }),
    result(0, "unknown", { at: minutesOn(2) }),
    outcome("ambiguous", { at: minutesOn(4) }),
    settled(0, "taken", { at: minutesOn(90) }),
  ]),
];

import type { SecretKind } from "../../providers/domain/secrets.ts";
import type { StepReport } from "../../providers/engine/job.ts";
import type { Standing } from "../../providers/engine/standing.ts";
import type { AuditAction } from "../../providers/escrow/audit-file.ts";

/** Raised when a field goes away or changes its meaning; fields are added without. */
export const REQUESTS_FORMAT = 1;

/** The time that a report is of: from its start, up to and without its end; null: no bound. */
export interface Period {
  /** ISO 8601, UTC. */
  readonly from: string | null;
  readonly until: string | null;
  /** As it was asked for: `2026-11`, `since 2026-11-20`, `all that the ledger has`. */
  readonly text: string;
}

/** What happened to a request, at one time. */
export interface TimelineEntry {
  /** ISO 8601, UTC, by the clock of the machine that wrote it down. */
  readonly at: string;
  /** The kind of the ledger's record, or what was done with a secret. */
  readonly event: string;
  /** From 1; null for what is of the whole request. */
  readonly step: number | null;
  readonly action: string | null;
  /** In words, and no secret. */
  readonly text: string;
}

/** A secret was shown to its reader, or encrypted for others. */
export interface Reveal {
  readonly at: string;
  readonly who: string;
  readonly action: AuditAction;
  readonly secret: string;
  readonly reference: string;
  /** `NAME#generation` */
  readonly request: string;
}

/** A person decided what nobody could tell. */
export interface Settlement {
  readonly at: string;
  readonly who: string;
  readonly why: string;
  readonly decision: "taken" | "not-taken";
  readonly request: string;
  readonly step: number;
  readonly action: string | null;
}

/** The brake was set or taken off. */
export interface BrakeChange {
  readonly at: string;
  readonly state: "stop" | "resume";
  readonly who: string;
  readonly reason: string;
}

/** One step, as it stood at the end of the period. */
export interface ReportedStep extends Pick<StepReport, "action" | "status" | "sentAt" | "finishedAt"> {
  /** From 1. */
  readonly step: number;
}

/** One generation of a request, as it stood at the end of the period. */
export interface ReportedRequest {
  readonly name: string;
  readonly generation: number;
  readonly outcome: Standing;
  readonly message: string;
  /** Null: its steps are its own, or no record tells. */
  readonly playbook: string | null;
  readonly reason: string | null;
  readonly ticket: string | null;
  /** Who started the run that began it; null where nothing told. */
  readonly startedBy: string | null;
  readonly pullRequest: string | null;
  readonly commit: string | null;
  readonly source: string | null;
  readonly serialNumber: string | null;
  readonly deviceId: string | null;
  readonly deviceName: string | null;
  readonly destroysData: boolean;
  readonly begunAt: string | null;
  /** When it came to an end that stands: succeeded, failed or expired. */
  readonly endedAt: string | null;
  /** From its beginning, or from the last time it was begun anew; null unless it succeeded. */
  readonly secondsToDone: number | null;
  readonly secretsEscrowed: readonly SecretKind[];
  /** How often a secret of it was shown, up to the end of the period; null where nobody knows. */
  readonly revealed: number | null;
  readonly settled: number;
  readonly steps: readonly ReportedStep[];
  /** Its whole story up to the end of the period, what came before the period included. */
  readonly timeline: readonly TimelineEntry[];
}

/** How many requests share something; `value` is null for those that have none of it. */
export interface Share {
  readonly value: string | null;
  readonly requests: number;
}

/** Counts over all requests of the period, whatever the options left out. */
export interface RequestsTotals {
  readonly requests: number;
  readonly by: {
    readonly outcome: readonly Share[];
    readonly playbook: readonly Share[];
    readonly ticket: readonly Share[];
    readonly startedBy: readonly Share[];
  };
  /** Of those that succeeded within the period: seconds; null where none did. */
  readonly toDone: { readonly requests: number; readonly median: number; readonly longest: number } | null;
}

/** The report as data, and as `--format json` prints it. It holds no secret. */
export interface RequestsReport {
  readonly format: typeof REQUESTS_FORMAT;
  readonly kind: "requests";
  readonly at: string;
  /** Stack and ledger, in one line. */
  readonly where: string;
  readonly period: Period;
  readonly totals: RequestsTotals;
  /** What was shown to whom within the period; null where there is no file that says so. */
  readonly reveals: readonly Reveal[] | null;
  /** The file that says so, or would. */
  readonly revealsFrom: string;
  /** Lines of it that nobody can read. */
  readonly revealsUnreadable: number;
  readonly settlements: readonly Settlement[];
  readonly brake: readonly BrakeChange[];
  /** What the options left of all requests, in their words; empty where nothing was left out. */
  readonly chosen: readonly string[];
  readonly requests: readonly ReportedRequest[];
}

import { planDestroysData } from "../../providers/domain/plan.ts";
import type { RequestHistory } from "../../providers/domain/request-history.ts";
import type { OutcomeRecord, RequestRecord } from "../../providers/domain/request-record.ts";
import { historyOf } from "../../providers/engine/history.ts";
import type { StepReport } from "../../providers/engine/job.ts";
import { rememberedDevice, stepReports } from "../../providers/engine/report.ts";
import { describeStanding, standingOf } from "../../providers/engine/standing.ts";
import type { AuditLine } from "../../providers/escrow/audit-file.ts";
import type { ReportedRequest, ReportedStep } from "./report.ts";
import { timelineOf } from "./timeline.ts";

/** One generation of a request with its records, oldest first. */
export interface RecordedRequest {
  /** `NAME#generation` */
  readonly key: string;
  readonly name: string;
  readonly generation: number;
  readonly records: readonly RequestRecord[];
}

/** How a request stands by these records; `reveals`: null where nobody knows of any. */
export function reportedRequest(request: RecordedRequest, reveals: readonly AuditLine[] | null): ReportedRequest {
  const { name, generation, records } = request;
  const history = historyOf(records);
  const { begun, standing } = history;
  const ended = endOf(history);
  return {
    name,
    generation,
    outcome: standingOf(records),
    message: standing?.message ?? describeStanding(records),
    ...whyOf(history),
    ...planned(history),
    begunAt: begun?.at ?? null,
    endedAt: ended?.at ?? null,
    secondsToDone: ended?.outcome === "succeeded" ? secondsTo(ended.at, records) : null,
    secretsEscrowed: [...new Set(records.flatMap((record) => (record.kind === "escrowed" ? [record.secret] : [])))],
    revealed: reveals === null ? null : reveals.filter(({ action }) => action === "reveal").length,
    settled: records.filter(({ kind }) => kind === "settled").length,
    timeline: timelineOf(records, reveals ?? [], begun?.plan),
  };
}

type OfWhy = "reason" | "ticket" | "source" | "startedBy" | "pullRequest" | "commit";

/** Reason and ticket as they were last edited; the run that began it. */
function whyOf({ begun, why }: RequestHistory): Pick<ReportedRequest, OfWhy> {
  const { reason = null, ticket = null, source = null } = why ?? {};
  const { who = null, pullRequest = null, commit = null } = begun?.why ?? {};
  return { reason, ticket, source, startedBy: who, pullRequest, commit };
}

type OfPlan = "playbook" | "serialNumber" | "deviceId" | "deviceName" | "destroysData" | "steps";

function planned(history: RequestHistory): Pick<ReportedRequest, OfPlan> {
  const plan = history.begun?.plan;
  if (plan === undefined) return { playbook: null, serialNumber: null, deviceId: null, deviceName: null, destroysData: false, steps: [] };
  const { serialNumber, deviceName } = rememberedDevice(plan, history);
  return {
    playbook: plan.playbook,
    serialNumber,
    deviceId: plan.device.id,
    deviceName,
    destroysData: planDestroysData(plan),
    steps: stepReports(plan, history).map(reportedStep),
  };
}

function reportedStep({ action, status, sentAt, finishedAt }: StepReport, index: number): ReportedStep {
  return { step: index + 1, action, status, sentAt, finishedAt };
}

/**
 * The first record of the end that stands: a later run may have said the same in other words. Null
 * for what still goes on.
 */
function endOf({ standing, inForce }: RequestHistory): OutcomeRecord | null {
  if (standing === null || !["succeeded", "failed", "expired"].includes(standing.outcome)) return null;
  const before = inForce.findLastIndex(
    (record) => record.kind !== "edited" && (record.kind !== "outcome" || record.outcome !== standing.outcome),
  );
  return inForce.slice(before + 1).find((record) => record.kind === "outcome") ?? standing;
}

/** Null where a clock was set back meanwhile. */
function secondsTo(end: string, records: readonly RequestRecord[]): number | null {
  const begin = records.findLast(({ kind }) => kind === "repeated" || kind === "begun")?.at;
  const seconds = Math.round((Date.parse(end) - Date.parse(begin ?? "")) / 1000);
  return seconds >= 0 ? seconds : null;
}

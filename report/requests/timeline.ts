import type { Plan } from "../../providers/domain/plan.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import type { AuditLine } from "../../providers/escrow/audit-file.ts";
import type { TimelineEntry } from "./report.ts";
import { tellRecord } from "./tell-record.ts";

/**
 * The story of one request: what the ledger has, in its order, and who was shown a secret of it, by
 * its time. `plan` names the steps.
 */
export function timelineOf(
  records: readonly RequestRecord[],
  reveals: readonly AuditLine[],
  plan: Plan | undefined,
): readonly TimelineEntry[] {
  const entries = records.map((record) => entryOf(record, plan));
  for (const line of reveals) {
    const later = entries.findIndex(({ at }) => Date.parse(at) > Date.parse(line.at));
    entries.splice(later === -1 ? entries.length : later, 0, entryOfReveal(line));
  }
  return entries;
}

function entryOf(record: RequestRecord, plan: Plan | undefined): TimelineEntry {
  const step = "step" in record ? record.step : null;
  return {
    at: record.at,
    event: record.kind,
    step: step === null ? null : step + 1,
    action: step === null ? null : (plan?.steps[step]?.action ?? null),
    text: tellRecord(record, plan),
  };
}

function entryOfReveal({ at, who, action, kind, reference }: AuditLine): TimelineEntry {
  return { at, event: action, step: null, action: null, text: `${kind} ${REVEALED[action]} ${who} (${reference})` };
}

/** What was done with a secret, before the name of who did it. */
export const REVEALED = { reveal: "shown to", share: "encrypted for other readers by" } as const;

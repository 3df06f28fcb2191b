import { LedgerBusyError, LedgerError } from "../../domain/errors.ts";
import type { AuditedRecord } from "../../domain/ledger-record.ts";
import type { ResultRecord } from "../../domain/step-record.ts";
import { historyOf } from "../../engine/history.ts";
import type { OpenedLedger } from "../../ledger/open-ledger.ts";
import { AUDIT_WHO } from "../../rules/audit/judge-foreign.ts";
import type { AuditOfRun } from "./look-at-audit.ts";

type AuditLedger = Pick<
  OpenedLedger,
  "append" | "appendUnless" | "close" | "create" | "read" | "recordsOf" | "setBrake" | "stops" | "withDevice"
>;

/** What became of a look in `up`. */
export interface AuditRecorded {
  /** The brake was set by this run, or stood already for the same reason. */
  readonly brake: "set" | "stood" | null;
}

/**
 * Sets the brake first: a crash behind it leaves a brake, and never a record of one that was not
 * set. Then what was seen, and what it shows of calls in doubt.
 */
export async function recordAudit({ foreign, record, results }: AuditOfRun, ledger: AuditLedger): Promise<AuditRecorded> {
  if (record === null && results.length === 0) return { brake: null };
  const brake = foreign.stop === null ? null : await setBrake(foreign.stop.reason, ledger);
  const news = brake === "stood" && record !== null ? { ...record, stopped: [] } : record;
  const isSaid = brake === "stood" && foreign.fresh.length === 0;
  if (news !== null && !isSaid) await appendNews(news, ledger);
  for (const result of results) await appendResult(result, ledger);
  // The process that sends takes the lock next.
  await ledger.close();
  return { brake };
}

/** Only a ledger of a double may be missing here: there a run makes it. */
async function makeLedger(ledger: AuditLedger): Promise<void> {
  if ((await ledger.read()).exists) return;
  await ledger.create().catch((error: unknown) => {
    // Another run was faster.
    if (!(error instanceof LedgerError)) throw error;
  });
}

/** One stop is enough, however many runs see the same. */
async function setBrake(reason: string, ledger: AuditLedger): Promise<"set" | "stood"> {
  await makeLedger(ledger);
  const stops = await ledger.stops();
  if (stops.some((stop) => stop.kind === "set" && stop.who === AUDIT_WHO)) return "stood";
  await ledger.setBrake("stop", AUDIT_WHO, reason);
  return "set";
}

/**
 * Azure takes 4 MiB at once, and an action has some hundred bytes: a mass wipe is several records.
 */
const MOST = 500;

/** The mark moves with the last of them. */
async function appendNews(record: AuditedRecord, ledger: AuditLedger): Promise<void> {
  const { foreign, stopped } = record;
  const pieces = Math.max(1, Math.ceil(foreign.length / MOST), Math.ceil(stopped.length / MOST));
  for (let piece = 0; piece < pieces; piece++) {
    const own = <T>(list: readonly T[]) => list.slice(piece * MOST, (piece + 1) * MOST);
    const until = piece === pieces - 1 ? record.until : null;
    await appendPiece({ ...record, until, foreign: own(foreign), stopped: own(stopped) }, ledger);
  }
}

/** What another run reported meanwhile is left out, so that each action is reported once. */
async function appendPiece(record: AuditedRecord, ledger: AuditLedger): Promise<void> {
  const left = await ledger.appendUnless(record, (facts) => {
    const known = facts.audit();
    const fresh = record.foreign.filter((action) => !known.isReported(action, record.source));
    return fresh.length === record.foreign.length ? null : fresh;
  });
  if (left !== null) await ledger.append({ ...record, foreign: left });
}

/** Under the device's lock, and only where the call is in doubt still. */
async function appendResult(result: ResultRecord, ledger: AuditLedger): Promise<void> {
  const { begun } = historyOf(await ledger.recordsOf(result.key));
  if (begun === null) return;
  try {
    await ledger.withDevice(begun.plan.device.id, async () => {
      const state = historyOf(await ledger.recordsOf(result.key)).steps.get(result.step);
      if (state?.kind === "inDoubt" && state.intent.attempt === result.attempt) await ledger.append(result);
    });
  } catch (error) {
    // Another run works on the device: what is in doubt then is told by the next look.
    if (!(error instanceof LedgerBusyError)) throw error;
  }
}

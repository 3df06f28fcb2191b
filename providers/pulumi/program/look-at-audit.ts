import type { AuditReading, Sender } from "../../domain/audit-log.ts";
import type { AuditedRecord } from "../../domain/ledger-record.ts";
import type { LedgerContents } from "../../domain/ports.ts";
import type { IntentRecord, ResultRecord } from "../../domain/step-record.ts";
import { type DoubtShown, doubtsShown } from "../../rules/audit/doubts-shown.ts";
import { explainActions } from "../../rules/audit/explain-actions.ts";
import { type ForeignFound, judgeForeign, sinceOf } from "../../rules/audit/judge-foreign.ts";
import { concernedBy, type Sends, sendsIn } from "../../rules/audit/sends.ts";
import type { OpenedPorts } from "../open-ports.ts";
import type { Settings } from "../settings.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";

/**
 * What a run saw of what others do to devices, as data: warnings, the brake and notifications are
 * made of it.
 */
export interface AuditOfRun {
  /** Null where this run had no reason to ask. */
  readonly reading: AuditReading | null;
  readonly foreign: ForeignFound;
  /** Calls in doubt that the audit shows as taken. */
  readonly shown: readonly DoubtShown[];
  /** Calls that a person settled as not taken, and that the audit shows as taken. */
  readonly contradicted: readonly DoubtShown[];
  /** What `up` appends about the look; null where there is nothing new to say. */
  readonly record: AuditedRecord | null;
  /** What `up` appends about calls in doubt. */
  readonly results: readonly ResultRecord[];
}

/** The run, as far as it has come when it asks. */
export interface AuditQuestion {
  readonly settings: Pick<Settings, "followOnly" | "foreignLimit" | "countForeign">;
  readonly ports: Pick<OpenedPorts, "auditLog" | "senders" | "clock" | "graphClock" | "isLoopbackGraph">;
  readonly ledger: LedgerContents;
  readonly view: LedgerSnapshot;
  /** Something is left to do. */
  readonly isBusy: boolean;
  /** Why nobody can tell that Graph is of the ledger's tenant, or null. */
  readonly doubt: string | null;
}

const NOTHING: ForeignFound = { fresh: [], recent: [], stop: null };
const NOT_ASKED: AuditOfRun = { reading: null, foreign: NOTHING, shown: [], contradicted: [], record: null, results: [] };

/** True for settings whose guard is of no use where the audit cannot be seen. */
export function reliesOnAudit({ foreignLimit, countForeign }: AuditQuestion["settings"]): boolean {
  return foreignLimit !== undefined || countForeign;
}

/** A run that has nothing to do, and that nobody scheduled to look, asks Graph nothing. */
export function wantsAudit(settings: AuditQuestion["settings"], isBusy: boolean): boolean {
  return isBusy || settings.followOnly || reliesOnAudit(settings);
}

/**
 * Reads Intune's audit since the ledger's mark, and holds it against what was sent; writes nothing.
 */
export async function lookAtAudit(question: AuditQuestion): Promise<AuditOfRun> {
  const { settings, ports, ledger, view, isBusy, doubt } = question;
  if (!wantsAudit(settings, isBusy)) return NOT_ASKED;
  const known = view.facts.audit();
  // Nothing is written into a ledger that may be another tenant's.
  if (doubt !== null) return { ...NOT_ASKED, reading: { kind: "unreadable", why: doubt } };
  const now = ports.graphClock()?.graphs ?? ports.clock.now();
  const [reading, senders] = await Promise.all([ports.auditLog.actionsSince(sinceOf(known, now)), ports.senders()]);
  if (reading.kind === "unreadable") return { ...NOT_ASKED, reading, record: failureOf(question) };
  const sends = sendsIn(ledger.recordsAbout(concernedBy(reading.actions)));
  // Who sends now sent before it was recorded, too.
  const withOwn = { senders: [...known.senders, ...senders], sendersSince: known.sendersSince };
  const explained = explainActions(reading.actions, sends, withOwn);
  const foreign = judgeForeign(explained, reading, known, settings.foreignLimit);
  const at = new Date(ports.clock.now()).toISOString();
  const shownOf = (intents: readonly IntentRecord[]) =>
    reading.source === "auditEvents" ? doubtsShown(intents, explained, sends, withOwn) : [];
  const { inDoubt, settled } = intentsOfPeople(sends, view);
  const shown = shownOf(inDoubt);
  const news = { foreign, senders, at };
  return {
    reading,
    foreign,
    shown,
    contradicted: shownOf(settled),
    record: recordOf(reading, news, question),
    results: shown.map((one) => resultOf(one, at)),
  };
}

/**
 * Calls that wait for somebody's word, and those that got it: they were not taken, a person said.
 */
function intentsOfPeople({ all }: Sends, view: LedgerSnapshot) {
  const keys = new Set(all.filter(({ isUntaken }) => !isUntaken).map(({ intent }) => intent.key));
  const states = [...keys].flatMap((key) => [...view.historyOfKey(key).steps.values()]);
  return {
    inDoubt: states.flatMap((state) => (state.kind === "inDoubt" ? [state.intent] : [])),
    settled: states.flatMap((state) => (state.kind === "mayBeSentAgain" && state.settled !== null ? [state.intent] : [])),
  };
}

interface News {
  readonly foreign: ForeignFound;
  readonly senders: readonly Sender[];
  readonly at: string;
}

/** Takes the leave away that an earlier look gave, where a guard relies on looks. */
function failureOf({ settings, ports, view }: AuditQuestion): AuditedRecord | null {
  if (!reliesOnAudit(settings) || view.facts.audit().readAt === null) return null;
  const at = new Date(ports.clock.now()).toISOString();
  return { kind: "audited", at, source: "auditEvents", until: null, foreign: [], senders: [], stopped: [] };
}

/** How old the mark may be before a record is written for it alone: milliseconds. */
const MARK_AGES_MS = { relied: 5 * 60_000, otherwise: 12 * 3_600_000 };

/** Looks go a day back behind the mark, so that it need not move with each run. */
function recordOf(
  reading: Extract<AuditReading, { kind: "seen" }>,
  { foreign, senders, at }: News,
  { settings, ports, ledger, view, isBusy }: AuditQuestion,
): AuditedRecord | null {
  const known = view.facts.audit();
  const until = reading.incomplete === null ? new Date(reading.until).toISOString() : null;
  const age = known.readAt === null ? Number.POSITIVE_INFINITY : Math.abs(ports.clock.now() - known.readAt);
  const isRelied = reliesOnAudit(settings) && isBusy;
  const isDue = until !== null && age > (isRelied ? MARK_AGES_MS.relied : MARK_AGES_MS.otherwise);
  const unknown = senders.some(
    (one) => !known.senders.some(({ application, user }) => application === one.application && user === one.user),
  );
  const isLost = until === null && known.readAt !== null && reliesOnAudit(settings);
  const isNews = foreign.fresh.length > 0 || foreign.stop !== null || isLost;
  // Runs against a double make their ledger by themselves, once there is something to keep in it.
  if (!ledger.exists && !ports.isLoopbackGraph) return null;
  if (!isNews && !(ledger.exists ? isDue || unknown : isRelied)) return null;
  return { kind: "audited", at, source: reading.source, until, foreign: foreign.fresh, senders, stopped: foreign.stop?.events ?? [] };
}

function resultOf({ intent: { key, step, attempt }, action, evidence }: DoubtShown, at: string): ResultRecord {
  const detail = `Intune's audit log shows it as taken: event ${action.event}, ${action.action} at ${action.at}; ${evidence}`;
  return { kind: "result", key, at, step, attempt, result: "accepted", requestId: null, detail, evidence: action.event };
}

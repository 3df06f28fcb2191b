import type { AuditSource, ForeignAction, Sender } from "./audit-log.ts";
import type { RequestRecord } from "./request-record.ts";
import type { World } from "./world.ts";

/** First line of every ledger. */
export interface CreatedRecord {
  readonly kind: "created";
  /** 2 since `begun` says why, and `edited`, `world` and `audited` exist; both can be read. */
  readonly version: 1 | 2;
  readonly at: string;
}

/** Last line of a part of a ledger that is kept in several: the chain goes on in the next. */
export interface ContinuedRecord {
  readonly kind: "continued";
  /** Name of the next part. */
  readonly in: string;
  readonly at: string;
}

/** A change of the brake: nothing is sent while there is a stop that no `resume` ended. */
export interface BrakeRecord {
  readonly kind: "brake";
  readonly state: "stop" | "resume";
  /** Id of the stop that this sets or ends. A `resume` without one ends all before it. */
  readonly stop?: string;
  readonly who: string;
  readonly reason: string;
  readonly at: string;
}

/**
 * What keeps a run from harm, as texts by name, written whenever it differs from the last run's: a
 * run that changes its own safety net destroys, locks and escrows nothing.
 */
export interface SettingsRecord {
  readonly kind: "settings";
  readonly at: string;
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Whose devices the ledger is about. The first one counts; a later one adds the tenant, where
 * nobody could tell it before.
 */
export interface WorldRecord extends World {
  readonly kind: "world";
  readonly at: string;
}

/**
 * A look into Intune's audit: how far it went, and what it found that no request explains. Written
 * where there is something new to say, and now and then so that the mark moves on.
 */
export interface AuditedRecord {
  readonly kind: "audited";
  readonly at: string;
  readonly source: AuditSource;
  /** Graph's time up to which all was read: ISO 8601, UTC; null where some could not be read. */
  readonly until: string | null;
  /** What was not reported before. */
  readonly foreign: readonly ForeignAction[];
  /** With whom the run sends, as far as its tokens tell. */
  readonly senders: readonly Sender[];
  /** Events for which this run set the brake; empty where it did not. */
  readonly stopped: readonly string[];
}

/** What runs append. */
export type RunRecord = WorldRecord | SettingsRecord | AuditedRecord | RequestRecord;

/** One line of the ledger. A new kind raises the format's number: docs/compatibility.md. */
export type LedgerRecord = CreatedRecord | ContinuedRecord | BrakeRecord | RunRecord;

/** The safety settings that the last run had; undefined where none were recorded. */
export function lastSettings(records: readonly LedgerRecord[]): SettingsRecord | undefined {
  return records.findLast((record) => record.kind === "settings");
}

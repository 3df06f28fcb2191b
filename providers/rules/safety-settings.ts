import type { LedgerRecord, SettingsRecord } from "../domain/ledger-record.ts";
import type { LedgerContents } from "../domain/ports.ts";

/** What keeps a run from harm, as texts by name. */
export type Safety = SettingsRecord["settings"];

/** Beside the settings: the CI run that found them changed. Its other jobs are no later runs, though they may start later. */
const CHANGED_IN = "changedIn";

/** The default of `maxDisruptive`. */
export const MAX_DISRUPTIVE = 50;

/** What counts as recorded by versions that had no such setting: whoever leaves it alone after an upgrade changed nothing. */
const OF_OLDER_VERSIONS: Safety = { maxDisruptive: String(MAX_DISRUPTIVE) };

export interface SafetyFacts {
  /** Scheme and host of Graph. */
  readonly graph: string;
  /** Who could read what is escrowed from now on. */
  readonly recipients: string;
  /** See `nameLedger`. */
  readonly ledger: string;
}

/** The settings that keep a run from harm. */
interface SafetySettings {
  readonly cloud: string;
  readonly escrow: string;
  readonly maxDestructive: number;
  readonly maxDisruptive: number;
  readonly protected: readonly string[];
}

export function safetyOf(settings: SafetySettings, { graph, recipients, ledger }: SafetyFacts): Safety {
  const { cloud, escrow } = settings;
  const limits = { maxDestructive: String(settings.maxDestructive), maxDisruptive: String(settings.maxDisruptive) };
  const names = JSON.stringify([...new Set(settings.protected)].sort());
  return { ledger, escrow, recipients, graph, cloud, ...limits, protected: names };
}

/** A ledger by its place and the instant it was made at: one that was made anew in the same place has another name. */
export function nameLedger(place: string, { records }: LedgerContents): string {
  const created = records.find((record) => record.kind === "created");
  return created === undefined ? place : `${place}, made ${created.at}`;
}

export function settingsRecords(records: readonly LedgerRecord[]): readonly SettingsRecord[] {
  return records.filter((record) => record.kind === "settings");
}

/** `maxDestructive: 5 → 500`, for each that differs. */
function changesBetween(recorded: Safety, now: Safety): readonly string[] {
  const last = { ...OF_OLDER_VERSIONS, ...recorded };
  const names = [...new Set([...Object.keys(last), ...Object.keys(now)])].filter((name) => name !== CHANGED_IN && last[name] !== now[name]);
  return names.map((name) => `${name}: ${last[name] ?? "not recorded"} → ${now[name] ?? "not recorded"}`);
}

/** How one run compares with the one before it. */
export interface Comparison {
  /** Empty where nothing changed. */
  readonly changes: readonly string[];
  /** To be appended to the ledger; null where there is nothing new to record, or this run may not. */
  readonly record: SettingsRecord | null;
  /** Why this run destroys, locks and escrows nothing, or null. */
  readonly hold: string | null;
}

export interface RunFacts {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Names the CI run that this run is a job of; null elsewhere. */
  readonly ciRun: string | null;
  readonly followOnly: boolean;
}

/**
 * A run that changes its own safety net records the change, destroys nothing and hands no secret to readers who may be new; the next may. A ledger without a record gets its first one, which
 * is no change. A run with `followOnly` records nothing: it comes by itself, and must not be the run after which a change is old.
 */
export function compareSettings(last: Safety | undefined, safety: Safety, { at, ciRun, followOnly }: RunFacts): Comparison {
  const changes = last === undefined ? [] : changesBetween(last, safety);
  const isNews = last === undefined || changes.length > 0;
  const changedIn = changes.length > 0 && ciRun !== null ? { [CHANGED_IN]: ciRun } : {};
  const record: SettingsRecord | null = isNews && !followOnly ? { kind: "settings", at, settings: { ...safety, ...changedIn } } : null;
  return { changes, record, hold: reasonToHold(changes, last?.[CHANGED_IN], ciRun, followOnly) };
}

function reasonToHold(changes: readonly string[], changedIn: string | undefined, ciRun: string | null, followOnly: boolean): string | null {
  if (changes.length > 0) {
    const what = followOnly
      ? "a run with followOnly destroys, locks and escrows nothing then, and leaves it to another run to record that"
      : "this run records that, and destroys, locks and escrows nothing; the next run may";
    return `${describeChange(changes)}: ${what}`;
  }
  if (changedIn === undefined || changedIn !== ciRun) return null;
  return `this CI run (${ciRun}) changed the safety settings: none of its jobs destroys, locks or escrows anything; the next run may`;
}

export function describeChange(changes: readonly string[]): string {
  return `the safety settings changed since the last run (${changes.join("; ")})`;
}

const NOTED_FOR = 7 * 24 * 60 * 60 * 1000;

/** The last change, where it is younger than a week: whoever reviews a request that destroys data should know that its net was changed a moment ago. */
export function recentChange(records: readonly LedgerRecord[], now: number): string | null {
  const [before, last] = settingsRecords(records).slice(-2);
  if (before === undefined || last === undefined || Date.parse(last.at) < now - NOTED_FOR) return null;
  const where = last.settings[CHANGED_IN];
  return `the safety settings were changed at ${last.at}${where === undefined ? "" : ` by ${where}`}: ${changesBetween(before.settings, last.settings).join("; ")}`;
}

import { DAY_MS } from "../domain/day.ts";
import type { LedgerRecord, SettingsRecord } from "../domain/ledger-record.ts";
import type { LedgerContents } from "../domain/ports.ts";

/** What keeps a run from harm, as texts by name. */
export type Safety = SettingsRecord["settings"];

/**
 * Beside the settings: the CI run that found them changed, and its commit. Other jobs of that run,
 * and further runs of that commit, are no later runs.
 */
const CHANGED_IN = "changedIn";
const CHANGED_COMMIT = "changedCommit";
const NO_SETTINGS: readonly string[] = [CHANGED_IN, CHANGED_COMMIT];

/** The default of `maxDisruptive`. */
export const MAX_DISRUPTIVE = 50;

/**
 * Counts as recorded by versions that had no such setting: a default that was left alone is no
 * change after an upgrade.
 */
const OF_OLDER_VERSIONS: Safety = { maxDisruptive: String(MAX_DISRUPTIVE) };

/** What the settings' texts alone do not show: they can stay the same while these change. */
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
  readonly tenant: string | undefined;
  readonly escrow: string;
  readonly maxDestructive: number;
  readonly maxDisruptive: number;
  readonly protected: readonly string[];
  readonly requireReview: boolean;
  readonly foreignLimit?: number | undefined;
  readonly countForeign?: boolean;
}

/** Equal texts mean equal safety: names in `protected` are sorted, and each stands once. */
export function safetyOf(settings: SafetySettings, { graph, recipients, ledger }: SafetyFacts): Safety {
  const { cloud, tenant, escrow } = settings;
  const limits = { maxDestructive: String(settings.maxDestructive), maxDisruptive: String(settings.maxDisruptive) };
  const names = JSON.stringify([...new Set(settings.protected)].sort());
  // Not set is not recorded, as in the ledgers of versions that did not have it.
  const named = {
    ...(tenant === undefined ? {} : { tenant }),
    ...(settings.requireReview ? { requireReview: "true" } : {}),
    ...(settings.foreignLimit === undefined ? {} : { foreignLimit: String(settings.foreignLimit) }),
    ...(settings.countForeign ? { countForeign: "true" } : {}),
  };
  return { ledger, escrow, recipients, graph, cloud, ...named, ...limits, protected: names };
}

/**
 * A ledger by its place and the instant it was made at: one that was made anew in the same place
 * has another name.
 */
export function nameLedger(place: string, { outline }: Pick<LedgerContents, "outline">): string {
  const created = outline.find((record) => record.kind === "created");
  return created === undefined ? place : `${place}, made ${created.at}`;
}

/** In the ledger's order, oldest first. */
export function settingsRecords(records: readonly LedgerRecord[]): readonly SettingsRecord[] {
  return records.filter((record) => record.kind === "settings");
}

/** `maxDestructive: 5 → 500`, for each that differs. */
function changesBetween(recorded: Safety, now: Safety): readonly string[] {
  const last = { ...OF_OLDER_VERSIONS, ...recorded };
  const names = [...new Set([...Object.keys(last), ...Object.keys(now)])].filter(
    (name) => !NO_SETTINGS.includes(name) && last[name] !== now[name],
  );
  return names.map((name) => `${name}: ${last[name] ?? "not recorded"} → ${now[name] ?? "not recorded"}`);
}

/** How one run compares with the one before it. */
export interface Comparison {
  /** Empty where nothing changed. */
  readonly changes: readonly string[];
  /**
   * To be appended to the ledger; null where there is nothing new to record, or this run may not.
   */
  readonly record: SettingsRecord | null;
  /** Why this run destroys, locks and escrows nothing, or null. */
  readonly hold: string | null;
}

/** What tells one run of a build service from a later one; each is null where nothing says it. */
export interface CiFacts {
  /** As the ledger and people name it, with its attempt. */
  readonly run: string | null;
  /** Full hash. */
  readonly commit: string | null;
}

/** What the comparison has to know of the run itself. */
export interface RunFacts {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Null where no build service runs it. */
  readonly ci: CiFacts | null;
  readonly followOnly: boolean;
}

/**
 * A run that changes its own safety net records the change, destroys nothing and hands no secret to
 * readers who may be new; the next may: in CI one of a later commit, for starting a run again
 * reviews nothing. A ledger without a record gets its first one, which is no change. A run with
 * `followOnly` records nothing: it comes by itself, and must not be the run after which a change is
 * old.
 */
export function compareSettings(last: Safety | undefined, safety: Safety, { at, ci, followOnly }: RunFacts): Comparison {
  const changes = last === undefined ? [] : changesBetween(last, safety);
  const isNews = last === undefined || changes.length > 0;
  const found = changes.length > 0 ? changedBy(ci) : {};
  const record: SettingsRecord | null = isNews && !followOnly ? { kind: "settings", at, settings: { ...safety, ...found } } : null;
  const hold = changes.length > 0 ? `${describeChange(changes)}: ${heldFor(ci, followOnly)}` : sameChange(last ?? {}, ci);
  return { changes, record, hold };
}

function changedBy(ci: CiFacts | null): Safety {
  const { run = null, commit = null } = ci ?? {};
  return { ...(run === null ? {} : { [CHANGED_IN]: run }), ...(commit === null ? {} : { [CHANGED_COMMIT]: commit }) };
}

function heldFor(ci: CiFacts | null, followOnly: boolean): string {
  if (followOnly) return "a run with followOnly destroys, locks and escrows nothing then, and leaves it to another run to record that";
  return `this run records that, and destroys, locks and escrows nothing; ${nextRun(ci, "run")} may`;
}

/** Which of the runs, or `up`s, after the one that finds a change is not held back any more. */
export function nextRun(ci: CiFacts | null, word: "run" | "up"): string {
  if (ci !== null) return `the ${word} of a later commit, or one outside CI,`;
  return word === "run" ? "the next run" : "the up after it";
}

/**
 * Why a run that finds nothing changed is held back all the same, or null. One that cannot tell its
 * commit is held back where the change has one.
 */
function sameChange({ [CHANGED_IN]: changedIn, [CHANGED_COMMIT]: changedAt }: Safety, ci: CiFacts | null): string | null {
  if (ci === null) return null;
  const isSameRun = changedIn !== undefined && ci.run !== null && withoutAttempt(ci.run) === withoutAttempt(changedIn);
  const isSameCommit = changedAt !== undefined && (ci.commit === null || ci.commit === changedAt);
  if (!isSameRun && !isSameCommit) return null;
  const doubt = isSameRun || ci.commit !== null ? "" : " (which commit this run is of, nothing tells)";
  return `the safety settings were changed by ${describeChanger(changedIn, changedAt)}${doubt}: no run of that in CI destroys, locks or escrows anything, started again or not; ${nextRun(ci, "run")} may`;
}

function describeChanger(changedIn: string | undefined, changedAt: string | undefined): string {
  return [changedAt === undefined ? undefined : `commit ${changedAt}`, changedIn].filter((text) => text !== undefined).join(", ");
}

/** Names a run without its attempt: one that is started again is the same run. */
function withoutAttempt(run: string): string {
  return run.replace(/, attempt \d+/, "");
}

/** `changes` are texts such as `maxDestructive: 5 → 500`. */
export function describeChange(changes: readonly string[]): string {
  return `the safety settings changed since the last run (${changes.join("; ")})`;
}

const NOTED_FOR = 7 * DAY_MS;

/**
 * The last change, where it is younger than a week: whoever reviews a request that destroys data
 * should know that its net was changed a moment ago.
 */
export function recentChange(records: readonly LedgerRecord[], now: number): string | null {
  const [before, last] = settingsRecords(records).slice(-2);
  if (before === undefined || last === undefined || Date.parse(last.at) < now - NOTED_FOR) return null;
  const by = describeChanger(last.settings[CHANGED_IN], last.settings[CHANGED_COMMIT]);
  return `the safety settings were changed at ${last.at}${by === "" ? "" : ` by ${by}`}: ${changesBetween(before.settings, last.settings).join("; ")}`;
}

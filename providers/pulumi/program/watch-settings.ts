import { printable } from "../../domain/diagnostic.ts";
import { LedgerError } from "../../domain/errors.ts";
import { lastSettings, type SettingsRecord } from "../../domain/ledger-record.ts";
import { planIsHeldByChange } from "../../domain/plan.ts";
import type { LedgerContents } from "../../domain/ports.ts";
import type { KnownState } from "../../rules/known-ledger-rules.ts";
import {
  compareSettings,
  describeChange,
  nameLedger,
  nextRun,
  type RunFacts,
  recentChange,
  type Safety,
  type SafetyFacts,
  safetyOf,
} from "../../rules/safety-settings.ts";
import type { Settings } from "../settings.ts";
import type { ResolvedRequest } from "./resolved-request.ts";

/** What this run is set to, and what ledger and state remember of the last one. */
export interface SettingsFound {
  readonly settings: Settings;
  readonly facts: Omit<SafetyFacts, "ledger">;
  readonly ledger: LedgerContents;
  readonly state: Pick<KnownState, "ledger">;
  readonly entries: readonly Pick<ResolvedRequest, "isEnded" | "plan">[];
  readonly run: RunFacts;
  readonly isPreview: boolean;
}

/** What follows from a change of the safety settings since the last run. */
export interface Watched {
  readonly warnings: readonly string[];
  /** Why the next `up` destroys, locks and escrows nothing, or null. */
  readonly hold: string | null;
  /** To be appended before the first resource is registered, or null. */
  readonly record: SettingsRecord | null;
}

/**
 * The program's part of the guard on changed settings; the process that sends has the other. In a
 * preview it tells. In `up`, where nothing that it would hold back is left to do, it records a
 * change itself, so that a change of settings alone is a run too. Where state was written with
 * another ledger, the ledger is told so first: nothing in it could give the swap away. Throws
 * `LedgerError` where nobody could record that.
 */
export function watchSettings({ settings, facts, ledger, state, entries, run, isPreview }: SettingsFound): Watched {
  const name = nameLedger(settings.ledger, ledger);
  const safety = safetyOf(settings, { ...facts, ledger: name });
  const own = lastSettings(ledger.outline)?.settings;
  const swapped: Safety | null = state.ledger === undefined || state.ledger === name ? null : { ...(own ?? safety), ledger: state.ledger };
  if (swapped !== null && run.followOnly) throw swappedInPassing(name, state.ledger);
  const { changes, record, hold } = compareSettings(swapped ?? own, safety, run);
  const holdsBack = entries.some((entry) => !entry.isEnded && planIsHeldByChange(entry.plan));
  const recent = isPreview && holdsBack && changes.length === 0 ? recentChange(ledger.outline, Date.parse(run.at)) : null;
  const coming =
    isPreview && changes.length > 0
      ? `${describeChange(changes)}: up records that, and destroys, locks and escrows nothing; ${nextRun(run.ci, "up")} may`
      : hold;
  const warnings = [coming, recent].filter((text) => text !== null).map(printable);
  if (isPreview || !ledger.exists) return { warnings, hold: coming, record: null };
  if (!holdsBack) return { warnings, hold, record };
  return { warnings, hold, record: swapped === null ? null : { kind: "settings", at: run.at, settings: swapped } };
}

function swappedInPassing(name: string, last: string | undefined): LedgerError {
  const message = `the ledger is ${name}, and the last run used ${last}: a run with followOnly does not change over; nothing was sent`;
  return new LedgerError(message, {
    hint: "run up once without followOnly, which records the change, and destroys, locks and escrows nothing",
  });
}

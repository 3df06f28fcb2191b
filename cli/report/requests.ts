import { resolve } from "node:path";
import type { Standing } from "../../providers/engine/standing.ts";
import { readAuditFile } from "../../providers/escrow/audit-file.ts";
import { escrowPlaceAt } from "../../providers/escrow/escrow-stores.ts";
import { systemClock } from "../../providers/support/system-clock.ts";
import { chooseRequests } from "../../report/requests/choose-requests.ts";
import { makeRequestsReport } from "../../report/requests/make-requests-report.ts";
import { tellRequests } from "../../report/requests/requests-totals.ts";
import { allRecords } from "../support/all-records.ts";
import { knownRequests } from "../support/known-requests.ts";
import { openLedgerOfStack, VAULT_SUFFIXES } from "../support/open-stores.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import type { StackSettings } from "../support/stack-settings.ts";
import { configuredPlace, type StoreOptions } from "../support/store-locations.ts";
import { renderWhere } from "../support/where.ts";
import { wordsOf } from "../support/words-of.ts";
import { type Format, formatOf, renderReport } from "./format.ts";
import { type PeriodOptions, periodOf } from "./period.ts";
import { writeReport } from "./write-report.ts";

interface Flags extends StoreOptions, PeriodOptions {
  readonly format?: Format;
  readonly out?: string;
  readonly audit?: string;
  readonly timeline?: true;
  readonly outcome?: readonly Standing[];
  readonly playbook?: string;
  readonly ticket?: string;
  readonly person?: string;
}

/** `dlr report requests`. Reads the ledger and the file of reveals; asks Graph nothing. */
export async function requests(said: readonly string[], told: Flags): Promise<void> {
  const now = systemClock.now();
  const period = periodOf(told, now);
  const { options } = await wordsOf("report", said, { needed: 0, most: 0 }, told);
  const { ledger, settings, place } = await openLedgerOfStack(options, PROJECT_FOLDER);
  const records = await allRecords(ledger);
  const audit = await readAuditFile(auditFolderOf(options, settings), PROJECT_FOLDER);
  const where = renderWhere({ settings, ledger: place });
  const whole = makeRequestsReport({ records, requests: knownRequests(records), audit }, { where, period, now });
  const report = chooseRequests(whole, {
    outcomes: options.outcome ?? [],
    playbook: options.playbook,
    ticket: options.ticket,
    person: options.person,
  });
  const form = formatOf(options.format, options.out);
  await writeReport(options.out, form, tellRequests(report), (width) => renderReport(report, form, width, options.timeline === true));
}

/** Where `dlr reveal` of this stack keeps its lines. */
function auditFolderOf({ audit, escrow }: Flags, settings: StackSettings | null): string {
  if (audit !== undefined) return resolve(PROJECT_FOLDER, audit);
  const place = escrow ?? (settings === null ? null : configuredPlace("escrow", settings));
  const rules = { root: PROJECT_FOLDER, vaultSuffixes: VAULT_SUFFIXES, isLoopbackGraph: true };
  const folder = place === null ? null : escrowPlaceAt(place, rules).auditFolder;
  return resolve(PROJECT_FOLDER, folder ?? "escrow");
}

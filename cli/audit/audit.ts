import { AUDIT_PERMISSION, type AuditReading } from "../../providers/domain/audit-log.ts";
import { DAY_MS } from "../../providers/domain/day.ts";
import { printable, printableJson } from "../../providers/domain/diagnostic.ts";
import { EXIT_CODES, GraphReadError } from "../../providers/domain/errors.ts";
import { auditFactsIn } from "../../providers/ledger/audit-memory.ts";
import { explainActions } from "../../providers/rules/audit/explain-actions.ts";
import { LONGEST_WINDOW_MS, sendsIn } from "../../providers/rules/audit/sends.ts";
import { systemClock } from "../../providers/support/system-clock.ts";
import { openSource, type ReportSource } from "../report/open-source.ts";
import { parseTime } from "../support/parse-time.ts";
import type { StoreOptions } from "../support/store-locations.ts";
import { terminalWidth } from "../support/table.ts";
import { wordsOf } from "../support/words-of.ts";
import { type AuditRow, auditRowOf } from "./audit-row.ts";
import { renderAudit, renderTotals, totalsOf } from "./render-audit.ts";

interface Flags extends StoreOptions {
  readonly since?: string;
  readonly foreign?: true;
  readonly failOnForeign?: true;
  readonly json?: true;
}

type Seen = Extract<AuditReading, { kind: "seen" }>;

/** `dlr audit`: who erased devices or took them out of management. Sends and records nothing. */
export async function audit(said: readonly string[], told: Flags): Promise<void> {
  const { options } = await wordsOf("audit", said, { needed: 0, most: 0 }, told);
  const now = systemClock.now();
  const since = options.since === undefined ? now - DAY_MS : parseTime("--since", options.since, now).from;
  const source = await openSource(options.stack, (text) => console.error(text));
  const seen = await readAudit(source, since);
  const rows = await rowsOf(seen, source, since);
  const shown = options.foreign ? rows.filter(({ verdict }) => verdict === "foreign") : rows;
  const totals = totalsOf(rows);
  const from = new Date(since).toISOString();
  if (options.json) {
    const { source: list, incomplete } = seen;
    console.log(printableJson({ since: from, source: list, incomplete, totals, actions: shown }));
  } else {
    console.log(renderTotals(totals, from));
    for (const line of renderAudit(shown, terminalWidth())) console.log(line);
  }
  for (const line of remarksOn(seen)) console.error(printable(line));
  process.exitCode = exitCodeOf(seen, totals.foreign, options.failOnForeign === true);
}

/**
 * A margin before the time is read too: which send explains an action shows in its surroundings.
 */
async function readAudit({ ports }: ReportSource, since: number): Promise<Seen> {
  const reading = await ports.auditLog.actionsSince(since - LONGEST_WINDOW_MS);
  if (reading.kind === "seen") return reading;
  throw new GraphReadError(`what was done to devices cannot be seen: ${reading.why}`, {
    hint: `give the identity ${AUDIT_PERMISSION}; that nothing was seen says nothing about what was done`,
  });
}

/** Newest first. */
async function rowsOf({ actions, source: list }: Seen, { records, ports }: ReportSource, since: number): Promise<readonly AuditRow[]> {
  const known = auditFactsIn(records);
  const senders = [...known.senders, ...(await ports.senders())];
  return explainActions(actions, sendsIn(records), { senders, sendersSince: known.sendersSince })
    .filter(({ action }) => Date.parse(action.at) >= since)
    .map((one) => auditRowOf(one, known.isReported(one.action, list)))
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

function remarksOn({ source, incomplete }: Seen): readonly string[] {
  return [
    ...(incomplete === null ? [] : [`not all could be read, and there may be more: ${incomplete}`]),
    ...(source === "auditEvents"
      ? []
      : [`read from beta's list of remote actions, which names no application: ${AUDIT_PERMISSION} lets the audit log be read`]),
  ];
}

/** What was not read may be foreign. */
function exitCodeOf({ incomplete }: Seen, foreign: number, failOnForeign: boolean): number {
  if (failOnForeign && foreign > 0) return EXIT_CODES.outcome;
  return incomplete === null ? 0 : EXIT_CODES.service;
}

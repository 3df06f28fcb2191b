import type { AuditFacts, AuditSource, ForeignAction, Sender } from "../domain/audit-log.ts";
import type { AuditedRecord, LedgerRecord } from "../domain/ledger-record.ts";

interface Reported {
  readonly at: number;
  readonly source: AuditSource;
}

/** One action has one time in both sources, or nearly so: milliseconds. */
const SAME_WITHIN_MS = 5 * 60_000;

/** What all `audited` records say together. */
export class AuditMemory implements AuditFacts {
  mark: number | null = null;
  readAt: number | null = null;
  sendersSince: number | null = null;
  readonly foreign: ForeignAction[] = [];
  readonly stopped = new Set<string>();
  readonly #senders = new Map<string, Sender>();
  readonly #events = new Set<string>();
  readonly #byDevice = new Map<string, Reported[]>();

  add({ at, until, foreign, senders, stopped, source }: AuditedRecord): void {
    this.mark = until === null ? this.mark : later(this.mark, until);
    this.readAt = until === null ? null : later(this.readAt, at);
    for (const sender of senders) this.#senders.set(`${sender.application} ${sender.user}`, sender);
    if (senders.length > 0) this.sendersSince ??= instantOf(at);
    for (const event of stopped) this.stopped.add(event);
    for (const action of foreign) this.#report(action, source);
  }

  get senders(): readonly Sender[] {
    return [...this.#senders.values()];
  }

  isReported(action: ForeignAction, source: AuditSource): boolean {
    if (this.#events.has(action.event)) return true;
    const at = Date.parse(action.at);
    const same = this.#byDevice.get(placeOf(action)) ?? [];
    return action.device !== null && same.some((one) => one.source !== source && Math.abs(one.at - at) <= SAME_WITHIN_MS);
  }

  /** Two runs at once may both have found it. */
  #report(action: ForeignAction, source: AuditSource): void {
    if (this.#events.has(action.event)) return;
    this.#events.add(action.event);
    this.foreign.push(action);
    const place = placeOf(action);
    const known = this.#byDevice.get(place);
    const reported = { at: Date.parse(action.at), source };
    if (known === undefined) this.#byDevice.set(place, [reported]);
    else known.push(reported);
  }
}

function placeOf({ action, device }: ForeignAction): string {
  return `${action} ${device}`;
}

/** Null for a text that is no time. */
function instantOf(text: string): number | null {
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? null : instant;
}

/** Runs at once may write in another order than they read. */
function later(known: number | null, text: string): number | null {
  const instant = instantOf(text);
  return instant === null ? known : Math.max(known ?? instant, instant);
}

/** The same of records that were read already. */
export function auditFactsIn(records: readonly LedgerRecord[]): AuditMemory {
  const memory = new AuditMemory();
  for (const record of records) if (record.kind === "audited") memory.add(record);
  return memory;
}

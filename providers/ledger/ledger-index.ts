import { escrowsSecret } from "../domain/action-table.ts";
import type { IntentRecord, LedgerRecord, RequestRecord, ResultRecord, StartRecord } from "../domain/ledger-record.ts";
import { identitiesOf, type PlannedDevice } from "../domain/plan.ts";
import type { LedgerFacts } from "../domain/ports.ts";

interface PlacedIntent {
  readonly place: number;
  readonly intent: StartRecord;
}

/** Intents by what tells a device from others. */
type ByDevice = Map<string, PlacedIntent[]>;

/** Everything that a ledger holds, in memory, found by request and by device without reading it again. */
export class LedgerIndex implements LedgerFacts {
  readonly #records: LedgerRecord[] = [];
  readonly #byKey = new Map<string, RequestRecord[]>();
  readonly #destructiveByDevice: ByDevice = new Map();
  readonly #secretByDevice: ByDevice = new Map();
  /** What first destroyed data for each request, or may have, by its key. */
  readonly #firstDestructive = new Map<string, StartRecord>();
  /** When each action was about to be sent. */
  readonly #sent = new Map<string, string[]>();
  readonly #approvalAsked = new Set<string>();

  add(record: LedgerRecord): void {
    this.#records.push(record);
    if (!("key" in record)) return;
    push(this.#byKey, record.key, record);
    if (record.kind === "intent") push(this.#sent, record.action, record.at);
    if (record.kind === "result") this.#addResult(record);
    if (record.kind === "settled" && record.decision === "not-taken") this.#forgetUntaken(record);
    if (record.kind === "intent" || record.kind === "adopted") this.#addStart(record);
  }

  #addStart(record: StartRecord): void {
    if (escrowsSecret(record.action)) this.#place(this.#secretByDevice, record);
    if (!record.destroysData) return;
    this.#place(this.#destructiveByDevice, record);
    if (!this.#firstDestructive.has(record.key)) this.#firstDestructive.set(record.key, record);
  }

  #place(lists: ByDevice, intent: StartRecord): void {
    const placed = { place: this.#records.length, intent };
    for (const name of identitiesOf(intent.device)) push(lists, name, placed);
  }

  /** What was accepted after it was approved says nothing of the next call. */
  #addResult({ key, step, attempt, result }: ResultRecord): void {
    const own = (this.#byKey.get(key) ?? []).filter((record) => "step" in record && record.step === step);
    const intent = own.find((record): record is IntentRecord => record.kind === "intent" && record.attempt === attempt);
    if (intent === undefined) return;
    if (result !== "accepted" && result !== "unknown") this.#forgetUntaken(intent);
    if (result === "approvalRequired") this.#approvalAsked.add(intent.action);
    const wasAsked = own.some((record) => record.kind === "result" && record.result === "approvalRequired");
    if (result === "accepted" && !wasAsked) this.#approvalAsked.delete(intent.action);
  }

  /** What surely was not taken destroyed nothing yet: when it is sent again it counts then, or many could be saved up for one day. */
  #forgetUntaken({ key, step, attempt }: Pick<IntentRecord, "key" | "step" | "attempt">): void {
    const first = this.#firstDestructive.get(key);
    if (first?.kind === "intent" && first.step === step && first.attempt === attempt) this.#firstDestructive.delete(key);
  }

  records(): readonly LedgerRecord[] {
    return [...this.#records];
  }

  recordsOf(key: string): readonly RequestRecord[] {
    return [...(this.#byKey.get(key) ?? [])];
  }

  destructiveIntents(device: PlannedDevice): readonly StartRecord[] {
    return intentsOf(this.#destructiveByDevice, device);
  }

  secretIntents(device: PlannedDevice): readonly StartRecord[] {
    return intentsOf(this.#secretByDevice, device);
  }

  destroyedSince(instant: number): ReadonlySet<string> {
    return new Set([...this.#firstDestructive].filter(([, first]) => isSince(first.at, instant)).map(([key]) => key));
  }

  hasDestroyed(key: string): boolean {
    return this.#firstDestructive.has(key);
  }

  sentSince(action: string, instant: number): number {
    return (this.#sent.get(action) ?? []).filter((at) => isSince(at, instant)).length;
  }

  wasApprovalAsked(action: string): boolean {
    return this.#approvalAsked.has(action);
  }
}

/** Oldest first, each once, whether the device is known again by its serial number, its id or both. */
function intentsOf(lists: ByDevice, device: PlannedDevice): readonly StartRecord[] {
  const found = new Set(identitiesOf(device).flatMap((name) => lists.get(name) ?? []));
  return [...found].sort((a, b) => a.place - b.place).map(({ intent }) => intent);
}

/** A time that cannot be read counts: doubt never makes room for another wipe. */
function isSince(at: string, instant: number): boolean {
  return !(Date.parse(at) < instant);
}

function push<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [item]);
  else list.push(item);
}

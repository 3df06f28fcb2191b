import { escrowsSecret, isRepeatable, locksOut } from "../domain/actions/action-table.ts";
import type { AuditFacts } from "../domain/audit-log.ts";
import type { LedgerRecord } from "../domain/ledger-record.ts";
import { identitiesOf, type PlannedDevice, planDestroysData } from "../domain/plan.ts";
import type { LedgerFacts } from "../domain/ports.ts";
import { listKeyOf } from "../domain/request.ts";
import type { RequestRecord } from "../domain/request-record.ts";
import type { IntentRecord, ResultRecord, SettledRecord, StartRecord } from "../domain/step-record.ts";
import { AuditMemory } from "./audit-memory.ts";
import { FirstHarms } from "./first-harms.ts";
import { SentCalls } from "./sent-calls.ts";

interface PlacedIntent {
  readonly place: number;
  readonly intent: StartRecord;
}

/** Intents by what tells a device from others. */
type ByDevice = Map<string, PlacedIntent[]>;

/** What stands before the records that an index is given, and is not in it. */
export interface BeforeIndex {
  /** Records before the first one. */
  readonly count: number;
  /** What `approvalsAsked` gave of an index of those records. */
  readonly approvalAsked: readonly string[];
}

const NOTHING_BEFORE: BeforeIndex = { count: 0, approvalAsked: [] };

/**
 * Everything that a ledger holds, in memory, found by request and by device without reading it
 * again.
 */
export class LedgerIndex implements LedgerFacts {
  readonly #records: LedgerRecord[] = [];
  readonly #byKey = new Map<string, RequestRecord[]>();
  readonly #destructiveByDevice: ByDevice = new Map();
  readonly #secretByDevice: ByDevice = new Map();
  /** Starts of actions that are not safe to repeat, by list, generation and device. */
  readonly #onceByList: ByDevice = new Map();
  readonly #destroyed = new FirstHarms();
  readonly #lockedOut = new FirstHarms();
  readonly #sent = new SentCalls();
  readonly #audit = new AuditMemory();
  readonly #approvalAsked: Set<string>;
  readonly #countBefore: number;

  constructor(before = NOTHING_BEFORE) {
    this.#approvalAsked = new Set(before.approvalAsked);
    this.#countBefore = before.count;
  }

  add(record: LedgerRecord): void {
    this.#records.push(record);
    this.#take({ place: this.#countBefore + this.#records.length, record, isNews: true });
  }

  /**
   * Takes in a record of a request from before the first one, which `records` leaves out. Those of
   * one request come all, in their order and before any later one of it; `place` is its number.
   */
  recall(record: LedgerRecord, place: number): void {
    this.#take({ place, record, isNews: false });
  }

  #take({ place, record, isNews }: { place: number; record: LedgerRecord; isNews: boolean }): void {
    if (record.kind === "audited") this.#audit.add(record);
    if (!("key" in record)) return;
    push(this.#byKey, record.key, record);
    if (record.kind === "intent") this.#sent.add(record);
    if (record.kind === "result") this.#addResult(record, isNews);
    if (record.kind === "settled" && record.decision === "not-taken") this.#addNotTaken(record);
    if (record.kind === "intent" || record.kind === "adopted") this.#addStart(record, place);
  }

  /** An action that was accepted with an approval may need one again for the next call. */
  #addResult({ key, step, attempt, result }: ResultRecord, isNews: boolean): void {
    const own = this.#ofStep(key, step);
    const intent = own.find(isIntentOf(attempt));
    if (intent === undefined) return;
    if (result !== "accepted" && result !== "unknown") {
      this.#forgetUntaken(intent);
      this.#sent.forget(intent);
    }
    if (!isNews) return;
    if (result === "approvalRequired") this.#approvalAsked.add(intent.action);
    const wasAsked = own.some((record) => record.kind === "result" && record.result === "approvalRequired");
    if (result === "accepted" && !wasAsked) this.#approvalAsked.delete(intent.action);
  }

  /**
   * A person's word on what became of it on the device; that Graph accepted it, and counted it,
   * stays true.
   */
  #addNotTaken(settled: SettledRecord): void {
    this.#forgetUntaken(settled);
    const own = this.#ofStep(settled.key, settled.step);
    const wasAccepted = own.some(
      (record) => record.kind === "result" && record.attempt === settled.attempt && record.result === "accepted",
    );
    const intent = own.find(isIntentOf(settled.attempt));
    if (intent !== undefined && !wasAccepted) this.#sent.forget(intent);
  }

  #ofStep(key: string, step: number): readonly RequestRecord[] {
    return (this.#byKey.get(key) ?? []).filter((record) => "step" in record && record.step === step);
  }

  #forgetUntaken(untaken: Pick<IntentRecord, "key" | "step" | "attempt">): void {
    this.#destroyed.forget(untaken);
    this.#lockedOut.forget(untaken);
  }

  #addStart(record: StartRecord, place: number): void {
    const placed = { place, intent: record };
    if (escrowsSecret(record.action)) placeOf(this.#secretByDevice, placed);
    if (!isRepeatable(record.action)) push(this.#onceByList, placeInList(record.key, record.device.id), placed);
    // What locks people out is known by the action alone: records say of data only that they
    // destroy it.
    if (!record.destroysData && locksOut(record.action) && !this.#isToDestroy(record.key)) this.#lockedOut.add(record);
    if (!record.destroysData) return;
    placeOf(this.#destructiveByDevice, placed);
    this.#destroyed.add(record);
  }

  #isToDestroy(key: string): boolean {
    const [first] = this.#byKey.get(key) ?? [];
    return first?.kind === "begun" && planDestroysData(first.plan);
  }

  records(): readonly LedgerRecord[] {
    return [...this.#records];
  }

  recordsOf(key: string): readonly RequestRecord[] {
    return [...(this.#byKey.get(key) ?? [])];
  }

  destructiveIntents(...devices: readonly PlannedDevice[]): readonly StartRecord[] {
    return intentsOf(this.#destructiveByDevice, devices);
  }

  secretIntents(...devices: readonly PlannedDevice[]): readonly StartRecord[] {
    return intentsOf(this.#secretByDevice, devices);
  }

  sentForList(key: string, deviceId: string): readonly StartRecord[] {
    return inOrder(this.#onceByList.get(placeInList(key, deviceId)) ?? []).filter((record) => record.key !== key);
  }

  destroyedSince(instant: number): ReadonlySet<string> {
    return this.#destroyed.since(instant);
  }

  hasDestroyed(key: string): boolean {
    return this.#destroyed.has(key);
  }

  hasLockedOut(key: string): boolean {
    return this.#lockedOut.has(key);
  }

  lockedOutSince(instant: number): ReadonlySet<string> {
    return this.#lockedOut.since(instant);
  }

  sentSince(action: string, instant: number): number {
    return this.#sent.since(action, instant);
  }

  wasApprovalAsked(action: string): boolean {
    return this.#approvalAsked.has(action);
  }

  /** Every action of which that is true. */
  approvalsAsked(): readonly string[] {
    return [...this.#approvalAsked];
  }

  audit(): AuditFacts {
    return this.#audit;
  }
}

function placeOf(lists: ByDevice, placed: PlacedIntent): void {
  for (const name of identitiesOf(placed.intent.device)) push(lists, name, placed);
}

function isIntentOf(attempt: number) {
  return (record: RequestRecord): record is IntentRecord => record.kind === "intent" && record.attempt === attempt;
}

function placeInList(key: string, deviceId: string): string {
  return `${listKeyOf(key)} ${deviceId.toLowerCase()}`;
}

/**
 * Oldest first, each once, whether the device is known again by its serial number, its id or both.
 */
function intentsOf(lists: ByDevice, devices: readonly PlannedDevice[]): readonly StartRecord[] {
  return inOrder(new Set(devices.flatMap(identitiesOf).flatMap((name) => lists.get(name) ?? [])));
}

function inOrder(placed: Iterable<PlacedIntent>): readonly StartRecord[] {
  return [...placed].sort((a, b) => a.place - b.place).map(({ intent }) => intent);
}

function push<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [item]);
  else list.push(item);
}

import type { AuditFacts } from "../domain/audit-log.ts";
import type { LedgerRecord } from "../domain/ledger-record.ts";
import { identitiesOf, type PlannedDevice } from "../domain/plan.ts";
import type { Concerned, LedgerFacts } from "../domain/ports.ts";
import type { RequestRecord } from "../domain/request-record.ts";
import type { StartRecord } from "../domain/step-record.ts";
import { type AuditMemory, auditFactsIn } from "./audit-memory.ts";
import { LedgerIndex } from "./ledger-index.ts";
import type { LedgerPrefix, PlacedRecord } from "./ledger-prefix.ts";
import { idName } from "./owners-by-name.ts";

/**
 * The same answers as `LedgerIndex` gives, of a ledger whose beginning is not parsed: before each
 * answer, every request is recalled whose records it may depend on, with all of its records.
 */
export class RecallingIndex implements LedgerFacts {
  readonly #prefix: LedgerPrefix | null;
  readonly #index: LedgerIndex;
  #audit: AuditMemory | null = null;
  readonly #recalled = new Map<string, readonly PlacedRecord[]>();

  constructor(prefix: LedgerPrefix | null, later: readonly LedgerRecord[] = []) {
    this.#prefix = prefix;
    this.#index =
      prefix === null ? new LedgerIndex() : new LedgerIndex({ count: prefix.position.sequence, approvalAsked: prefix.approvalAsked });
    for (const record of later) this.add(record);
  }

  add(record: LedgerRecord): void {
    if ("key" in record) this.#recall([record.key]);
    this.#index.add(record);
    if (record.kind === "audited") this.#audit?.add(record);
  }

  get prefix(): LedgerPrefix | null {
    return this.#prefix;
  }

  /** The records behind the prefix, oldest first. */
  later(): readonly LedgerRecord[] {
    return this.#index.records();
  }

  /** See `LedgerContents`. */
  recordsAbout({ devices, calls, since }: Concerned): readonly LedgerRecord[] {
    this.#recall(this.#prefix?.open ?? []);
    this.#recallOfDevices(devices.map(idName));
    this.#recall(this.#prefix?.keysOfCalls(calls) ?? []);
    this.#recallSince(since);
    return [...inOrder([...this.#recalled.values()].flat()), ...this.#index.records()];
  }

  recordsOf(key: string): readonly RequestRecord[] {
    this.#recall([key]);
    return this.#index.recordsOf(key);
  }

  destructiveIntents(...devices: readonly PlannedDevice[]): readonly StartRecord[] {
    this.#recallOfDevices(devices.flatMap(identitiesOf));
    return this.#index.destructiveIntents(...devices);
  }

  secretIntents(...devices: readonly PlannedDevice[]): readonly StartRecord[] {
    this.#recallOfDevices(devices.flatMap(identitiesOf));
    return this.#index.secretIntents(...devices);
  }

  sentForList(key: string, deviceId: string): readonly StartRecord[] {
    this.#recallOfDevices([idName(deviceId)]);
    return this.#index.sentForList(key, deviceId);
  }

  hasDestroyed(key: string): boolean {
    this.#recall([key]);
    return this.#index.hasDestroyed(key);
  }

  destroyedSince(instant: number): ReadonlySet<string> {
    this.#recallSince(instant);
    return this.#index.destroyedSince(instant);
  }

  hasLockedOut(key: string): boolean {
    this.#recall([key]);
    return this.#index.hasLockedOut(key);
  }

  lockedOutSince(instant: number): ReadonlySet<string> {
    this.#recallSince(instant);
    return this.#index.lockedOutSince(instant);
  }

  sentSince(action: string, instant: number): number {
    this.#recallSince(instant);
    return this.#index.sentSince(action, instant);
  }

  wasApprovalAsked(action: string): boolean {
    return this.#index.wasApprovalAsked(action);
  }

  audit(): AuditFacts {
    if (this.#prefix === null) return this.#index.audit();
    this.#audit ??= auditFactsIn([...this.#prefix.audited(), ...this.#index.records()]);
    return this.#audit;
  }

  #recallOfDevices(names: readonly string[]): void {
    if (this.#prefix !== null) this.#recall(this.#prefix.keysOfDevices(names));
  }

  #recallSince(instant: number): void {
    if (this.#prefix !== null) this.#recall(this.#prefix.keysSince(instant));
  }

  #recall(keys: readonly string[]): void {
    if (this.#prefix === null) return;
    for (const key of keys) {
      if (this.#recalled.has(key)) continue;
      const records = this.#prefix.recordsOf(key);
      this.#recalled.set(key, records);
      for (const { record, place } of records) this.#index.recall(record, place);
    }
  }
}

function inOrder(placed: readonly PlacedRecord[]): readonly LedgerRecord[] {
  return placed.toSorted((a, b) => a.place - b.place).map(({ record }) => record);
}

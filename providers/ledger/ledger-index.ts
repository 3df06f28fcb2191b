import type { DestructiveRecord, LedgerRecord, RequestRecord } from "../domain/ledger-record.ts";
import { identitiesOf, type PlannedDevice } from "../domain/plan.ts";

interface PlacedIntent {
  readonly place: number;
  readonly intent: DestructiveRecord;
}

/** Everything that a ledger holds, in memory, found by request and by device without reading it again. */
export class LedgerIndex {
  readonly #records: LedgerRecord[] = [];
  readonly #byKey = new Map<string, RequestRecord[]>();
  readonly #destructiveByDevice = new Map<string, PlacedIntent[]>();

  add(record: LedgerRecord): void {
    this.#records.push(record);
    if (!("key" in record)) return;
    push(this.#byKey, record.key, record);
    if ((record.kind === "intent" || record.kind === "adopted") && record.destroysData) {
      const placed = { place: this.#records.length, intent: record };
      for (const name of identitiesOf(record.device)) push(this.#destructiveByDevice, name, placed);
    }
  }

  records(): readonly LedgerRecord[] {
    return [...this.#records];
  }

  recordsOf(key: string): readonly RequestRecord[] {
    return [...(this.#byKey.get(key) ?? [])];
  }

  /** Oldest first, each once, whether the device is known again by its serial number, its id or both. */
  destructiveIntents(device: PlannedDevice): readonly DestructiveRecord[] {
    const found = new Set(identitiesOf(device).flatMap((name) => this.#destructiveByDevice.get(name) ?? []));
    return [...found].sort((a, b) => a.place - b.place).map(({ intent }) => intent);
  }
}

function push<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [item]);
  else list.push(item);
}

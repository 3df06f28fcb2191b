import type { DestructiveRecord, LedgerRecord, RequestRecord } from "../domain/ledger-record.ts";
import type { PlannedDevice } from "../domain/plan.ts";
import { type LifecycleRequest, requestKey } from "../domain/request.ts";
import { isEnded, isUnsettled } from "../engine/is-ended.ts";
import { LedgerIndex } from "../ledger/ledger-index.ts";
import { editionOf } from "./edition.ts";

/** The ledger as it was read once, with the questions that the program asks of it. */
export class LedgerView {
  readonly #index = new LedgerIndex();
  /** What first destroyed data for each request, by its key. */
  readonly #firstByKey = new Map<string, DestructiveRecord>();

  constructor(records: readonly LedgerRecord[]) {
    for (const record of records) {
      this.#index.add(record);
      const isDestructive = (record.kind === "intent" || record.kind === "adopted") && record.destroysData;
      if (isDestructive && !this.#firstByKey.has(record.key)) this.#firstByKey.set(record.key, record);
    }
  }

  recordsOf(request: LifecycleRequest): readonly RequestRecord[] {
    return this.#index.recordsOf(requestKey(request));
  }

  isUnsettled(key: string): boolean {
    return isUnsettled(this.#index.recordsOf(key));
  }

  isEnded(request: LifecycleRequest): boolean {
    return isEnded(this.recordsOf(request), editionOf(request));
  }

  /** Destructive intents for this device, under its id or its serial number, oldest first. */
  destructiveIntents(device: PlannedDevice): readonly DestructiveRecord[] {
    return this.#index.destructiveIntents(device);
  }

  /** Keys of the requests whose first destructive intent is not older than the instant (milliseconds), or of no readable time. */
  destroyedSince(instant: number): ReadonlySet<string> {
    return new Set([...this.#firstByKey].filter(([, first]) => !(Date.parse(first.at) < instant)).map(([key]) => key));
  }

  hasDestroyed(request: LifecycleRequest): boolean {
    return this.#firstByKey.has(requestKey(request));
  }
}

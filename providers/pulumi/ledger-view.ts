import type { LedgerRecord, RequestRecord } from "../domain/ledger-record.ts";
import type { LedgerFacts } from "../domain/ports.ts";
import { type LifecycleRequest, requestKey } from "../domain/request.ts";
import { isEnded, isUnsettled } from "../engine/is-ended.ts";
import { LedgerIndex } from "../ledger/ledger-index.ts";
import { editionOf } from "./edition.ts";

/** The ledger as it was read once, with the questions that the program asks of it. */
export class LedgerView {
  readonly #index = new LedgerIndex();

  constructor(records: readonly LedgerRecord[]) {
    for (const record of records) this.#index.add(record);
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

  get facts(): LedgerFacts {
    return this.#index;
  }

  hasDestroyed(request: LifecycleRequest): boolean {
    return this.#index.hasDestroyed(requestKey(request));
  }
}

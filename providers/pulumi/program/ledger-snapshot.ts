import type { LedgerFacts } from "../../domain/ports.ts";
import { type LifecycleRequest, requestKey } from "../../domain/request.ts";
import type { RequestHistory } from "../../domain/request-history.ts";
import { historyOf, isEnded } from "../../engine/history.ts";
import { editionOf } from "../edition.ts";

/** The ledger as it was read once, with the questions that the program asks of it. */
export class LedgerSnapshot {
  readonly facts: LedgerFacts;
  readonly #histories = new Map<string, RequestHistory>();
  readonly #ended = new Map<LifecycleRequest, boolean>();

  constructor(facts: LedgerFacts) {
    this.facts = facts;
  }

  historyOf(request: LifecycleRequest): RequestHistory {
    return this.historyOfKey(requestKey(request));
  }

  /** Folded once, however often it is asked for. */
  historyOfKey(key: string): RequestHistory {
    const known = this.#histories.get(key) ?? historyOf(this.facts.recordsOf(key));
    this.#histories.set(key, known);
    return known;
  }

  /** Judged once, however often it is asked. */
  isEnded(request: LifecycleRequest): boolean {
    const known = this.#ended.get(request) ?? isEnded(this.historyOf(request), editionOf(request));
    this.#ended.set(request, known);
    return known;
  }

  hasDestroyed(request: LifecycleRequest): boolean {
    return this.facts.hasDestroyed(requestKey(request));
  }

  hasLockedOut(request: LifecycleRequest): boolean {
    return this.facts.hasLockedOut(requestKey(request));
  }
}

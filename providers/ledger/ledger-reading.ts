import type { LedgerRecord } from "../domain/ledger-record.ts";
import type { Concerned, LedgerContents, LedgerFacts } from "../domain/ports.ts";
import type { LedgerPrefix } from "./ledger-prefix.ts";
import { RecallingIndex } from "./recalling-index.ts";

/** What was read of a ledger: `later` are the records behind `prefix`. */
export interface ReadLedger {
  readonly exists: boolean;
  readonly prefix?: LedgerPrefix | null;
  readonly later: readonly LedgerRecord[];
  readonly note?: string | null;
}

/** What is not asked for is not parsed, and indexed no sooner than it is asked for. */
export class LedgerReading implements LedgerContents {
  readonly exists: boolean;
  readonly note: string | null;
  readonly #prefix: LedgerPrefix | null;
  readonly #later: readonly LedgerRecord[];
  #index: RecallingIndex | null = null;

  constructor({ exists, prefix = null, later, note = null }: ReadLedger) {
    this.exists = exists;
    this.note = note;
    this.#prefix = prefix;
    this.#later = [...later];
  }

  get count(): number {
    return (this.#prefix?.position.sequence ?? 0) + this.#later.length;
  }

  get records(): readonly LedgerRecord[] {
    return [...(this.#prefix?.all() ?? []), ...this.#later];
  }

  get outline(): readonly LedgerRecord[] {
    return [...(this.#prefix?.outline() ?? []), ...this.#later];
  }

  facts(more: readonly LedgerRecord[] = []): LedgerFacts {
    return more.length === 0 ? this.#own() : new RecallingIndex(this.#prefix, [...this.#later, ...more]);
  }

  recordsAbout(concerned: Concerned): readonly LedgerRecord[] {
    return this.#own().recordsAbout(concerned);
  }

  #own(): RecallingIndex {
    this.#index ??= new RecallingIndex(this.#prefix, this.#later);
    return this.#index;
  }
}

import type { IntentRecord, StartRecord } from "../domain/step-record.ts";

/**
 * The first record of each request that did one kind of harm, or may have, by the request's key.
 */
export class FirstHarms {
  readonly #first = new Map<string, StartRecord>();
  /** The last answer, until something is written: the program asks the same of each request. */
  #asked: { readonly instant: number; readonly keys: ReadonlySet<string> } | null = null;

  add(record: StartRecord): void {
    if (this.#first.has(record.key)) return;
    this.#first.set(record.key, record);
    this.#asked = null;
  }

  /**
   * Drops an intent that Graph surely did not take: it counts when it is sent again, or many could
   * be saved up for one day.
   */
  forget({ key, step, attempt }: Pick<IntentRecord, "key" | "step" | "attempt">): void {
    const first = this.#first.get(key);
    if (first?.kind !== "intent" || first.step !== step || first.attempt !== attempt) return;
    this.#first.delete(key);
    this.#asked = null;
  }

  has(key: string): boolean {
    return this.#first.has(key);
  }

  since(instant: number): ReadonlySet<string> {
    if (this.#asked?.instant !== instant) {
      const found = [...this.#first].filter(([, { at }]) => isSince(at, instant));
      this.#asked = { instant, keys: new Set(found.map(([key]) => key)) };
    }
    return this.#asked.keys;
  }
}

/** A time that cannot be read counts: doubt never makes room for more. */
export function isSince(at: string, instant: number): boolean {
  return !(Date.parse(at) < instant);
}

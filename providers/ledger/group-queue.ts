/** Something asked for, and the two ways to answer. Only the first answer counts. */
export interface Waiting<T> {
  readonly item: T;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers what is asked for while work is under way: one piece of work for all that wait at the
 * same moment, in the order of asking. The work may answer some itself; when it returns the rest is
 * resolved, when it throws the rest is rejected.
 */
export class GroupQueue<T> {
  readonly #work: (batch: readonly Waiting<T>[]) => Promise<void>;
  #waiting: Waiting<T>[] = [];
  #turn: Promise<void> | null = null;

  constructor(work: (batch: readonly Waiting<T>[]) => Promise<void>) {
    this.#work = work;
  }

  add(item: T): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ item, resolve, reject });
    this.#turn ??= this.#workOff();
    return promise;
  }

  /** Waits for all that was asked for. */
  async idle(): Promise<void> {
    await this.#turn;
  }

  async #workOff(): Promise<void> {
    for (let batch = this.#take(); batch.length > 0; batch = this.#take()) {
      try {
        await this.#work(batch);
        for (const waiting of batch) waiting.resolve();
      } catch (error) {
        for (const waiting of batch) waiting.reject(error);
      }
    }
    this.#turn = null;
  }

  #take(): Waiting<T>[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }
}

/**
 * One piece of work at a time, in the order of asking; one that fails does not keep the next. Not
 * reentrant.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Waits for what was asked for so far. */
  async idle(): Promise<void> {
    await this.#last;
  }
}

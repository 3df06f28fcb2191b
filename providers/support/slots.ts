/** So many at once; the others wait in the order in which they came. */
export class Slots {
  #free: number;
  readonly #first: (() => void)[] = [];
  readonly #others: (() => void)[] = [];

  constructor(size: number) {
    this.#free = size;
  }

  /** Returns once a slot is taken. `isFirst`: before all that wait without it. */
  async take(isFirst = false): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    (isFirst ? this.#first : this.#others).push(resolve);
    await promise;
  }

  /** Gives one back, which the next that waits has at once. */
  giveBack(): void {
    const next = this.#first.shift() ?? this.#others.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

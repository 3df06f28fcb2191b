/**
 * One piece of work at a time per device, in the order of asking, within this process. Not
 * reentrant.
 */
export class DeviceLocks {
  readonly #tails = new Map<string, Promise<void>>();

  async run<T>(deviceId: string, work: () => Promise<T>): Promise<T> {
    const name = deviceId.toLowerCase();
    const before = this.#tails.get(name);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#tails.set(name, promise);
    try {
      await before;
      return await work();
    } finally {
      if (this.#tails.get(name) === promise) this.#tails.delete(name);
      resolve();
    }
  }
}

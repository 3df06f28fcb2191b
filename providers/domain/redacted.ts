const inspect = Symbol.for("nodejs.util.inspect.custom");

/** A secret in memory. Every accidental way to text gives `<redacted>`; `reveal` is the one door. */
export class Redacted<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The secret itself. Callers hand it straight to an encrypting store, a request body or an authorized reader. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return "<redacted>";
  }

  toJSON(): string {
    return "<redacted>";
  }

  [inspect](): string {
    return "<redacted>";
  }
}

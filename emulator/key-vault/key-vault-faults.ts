/** What goes wrong, and with which requests. */
export interface KeyVaultFault {
  readonly method?: "GET" | "PUT" | "DELETE" | "POST";
  readonly path?: RegExp;
  /** Number of requests that it befalls; 1 without it. */
  readonly times?: number;
  readonly effect: KeyVaultEffect;
}

/** What goes wrong, and whether the vault did what it was asked before that. */
export type KeyVaultEffect =
  /** Answers with an error, without doing anything. */
  | {
      readonly kind: "refuse";
      readonly status: number;
      readonly code: string;
      readonly innerCode?: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Does it, then closes the connection without an answer. */
  | { readonly kind: "loseAnswer" }
  /** Closes the connection without doing anything. */
  | { readonly kind: "reset" }
  /** Answers a read with another value. */
  | { readonly kind: "wrongValue" }
  /**
   * Does it, then answers with a page that is no JSON, although `type` may say so; `says` stands in
   * it, and `$VALUE` in that for the value that was put or asked for.
   */
  | { readonly kind: "html"; readonly status: number; readonly says?: string; readonly type?: "text/html" | "application/json" };

/**
 * Faults in the order in which they were added; each befalls its first matching requests and is
 * gone then.
 */
export class KeyVaultFaults {
  #faults: { readonly fault: KeyVaultFault; left: number }[] = [];

  add(fault: KeyVaultFault): void {
    this.#faults.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#faults = [];
  }

  /** The first fault that this request meets, used up by one. */
  take(method: string, path: string): KeyVaultEffect | undefined {
    const met = this.#faults.find(({ fault, left }) => {
      return left > 0 && (fault.method ?? method) === method && fault.path?.test(path) !== false;
    });
    if (met === undefined) return undefined;
    met.left -= 1;
    return met.fault.effect;
  }
}

import { ConfigurationError } from "../domain/errors.ts";
import { parseSettings, type ReadKey, type Settings } from "./settings.ts";

/**
 * The stack's settings, as Pulumi hands them to the process of a provider. It does not wait for
 * that before it calls anything else, and ends the process where it fails: so they are only kept,
 * or why they cannot be.
 */
export class KeptSettings {
  #kept: Settings | Error | undefined;

  /** Never throws. */
  keep({ config }: { readonly config: { readonly get: ReadKey } }): void {
    try {
      this.#kept = parseSettings((key) => config.get(key));
    } catch (error) {
      this.#kept = error instanceof Error ? error : new Error("no error was thrown", { cause: error });
    }
  }

  /** Throws what was wrong with them, and `ConfigurationError` where there are none yet. */
  get(): Settings {
    if (this.#kept instanceof Error) throw this.#kept;
    if (this.#kept === undefined) throw new ConfigurationError("the provider was called before it was configured");
    return this.#kept;
  }
}

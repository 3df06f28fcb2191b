import { ProductError } from "../domain/errors.ts";
import { systemCode } from "./system-code.ts";

/** The system's codes, and what each means to the user. */
type FailureTable = Readonly<Record<string, readonly [what: string, hint: string]>>;

type ErrorClass = new (message: string, options: { readonly hint: string; readonly cause?: unknown }) => ProductError;

/** Makes the errors of one store's files. */
export interface FileFailures {
  /**
   * Of a failed file operation: what failed, where, and what to do. Errors of ours pass unchanged.
   */
  readonly from: (error: unknown, doing: string, path: string) => ProductError;
  readonly say: (message: string, hint: string) => ProductError;
}

/**
 * `table` gives words and a hint for codes of the system, such as `ENOSPC`; others are shown as
 * they are.
 */
export function fileFailures(StoreError: ErrorClass, table: FailureTable): FileFailures {
  return {
    say: (message, hint) => new StoreError(message, { hint }),
    from: (error, doing, path) => {
      if (error instanceof ProductError) return error;
      const code = systemCode(error);
      const known = code === null ? undefined : table[code];
      const [what, hint] = known ?? [code ?? "an unexpected error", "look at the folder, then run the command again"];
      return new StoreError(`cannot ${doing} ${path}: ${what}`, { hint, cause: error });
    },
  };
}

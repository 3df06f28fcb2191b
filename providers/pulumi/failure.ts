import { printableLines } from "../domain/diagnostic.ts";
import { EXIT_CODES, ProductError } from "../domain/errors.ts";
import type { Session } from "./session.ts";
import type { LifecycleInputs } from "./state.ts";
import { tellExit } from "./tell-exit.ts";

/**
 * What Pulumi is thrown when a store or our own code breaks. With `id`, `properties` and `reasons` it keeps what was done
 * so far in state and goes on from there; without them it keeps nothing, which is right while nothing was begun.
 */
export async function failureOf(
  error: unknown,
  id: string,
  inputs: LifecycleInputs & { readonly __provider: string },
  session: Session | undefined,
): Promise<Error> {
  const failure = withoutStack(error);
  const remembered = await remember(session, inputs, failure.message);
  if (remembered === undefined) return failure;
  return Object.assign(failure, { id, properties: { ...remembered, __provider: inputs.__provider }, reasons: [failure.message] });
}

/** A ledger that broke once may break again: then the first failure is the one to tell. */
async function remember(session: Session | undefined, inputs: LifecycleInputs, message: string): Promise<object | undefined> {
  try {
    return await session?.remember(inputs, message);
  } catch (error) {
    if (error instanceof ProductError) return undefined;
    throw error;
  }
}

/** The user reads the message alone; a stack trace in the middle of a deployment helps nobody. */
export function withoutStack(error: unknown): Error {
  tellExit(EXIT_CODES[error instanceof ProductError ? error.disposition : "bug"]);
  const failure = new Error(printableLines(messageOf(error)), { cause: error });
  failure.stack = "";
  return failure;
}

function messageOf(error: unknown): string {
  if (error instanceof ProductError && error.hint !== "") return `${error.message}\n  help: ${error.hint}`;
  return error instanceof Error ? error.message : String(error);
}

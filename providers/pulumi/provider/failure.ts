import { printableLines } from "../../domain/diagnostic.ts";
import { EXIT_CODES, ProductError } from "../../domain/errors.ts";
import { type Surroundings, tellUnexpected } from "../../support/unexpected-error.ts";
import { inputsFromStored, type LifecycleOutputs, type StoredInputs, toStored } from "../state.ts";
import { tellExit } from "../tell-exit.ts";
import type { Session } from "./session.ts";

/** The work on one resource that broke. */
interface FailedWork {
  readonly id: string;
  readonly inputs: StoredInputs & { readonly __provider: string };
  /** Undefined where the ports could not be opened. */
  readonly session: Session | undefined;
}

/**
 * What Pulumi is thrown when a store or our own code breaks. With `id`, `properties` and `reasons`
 * it keeps what was done so far in state and goes on from there; without them it keeps nothing,
 * which is right while nothing was begun.
 */
export async function failureOf(error: unknown, { id, inputs, session }: FailedWork, surroundings: Surroundings): Promise<Error> {
  const failure = withoutStack(error, surroundings);
  const remembered = await remember(session, inputs, failure.message);
  if (remembered === undefined) return failure;
  return Object.assign(failure, { id, properties: { ...toStored(remembered), __provider: inputs.__provider }, reasons: [failure.message] });
}

/**
 * Adds what the ledger knows of the request; where reading it fails too, the first failure is the
 * one that is told.
 */
async function remember(session: Session | undefined, inputs: StoredInputs, message: string): Promise<LifecycleOutputs | undefined> {
  try {
    return await session?.remember(inputsFromStored(inputs), message);
  } catch {
    return undefined;
  }
}

/**
 * The user reads the message alone; a stack trace in the middle of a deployment helps nobody. Of an
 * error that is none of ours neither the message nor the error itself is handed on: Pulumi would
 * print it, and keep it in state.
 */
export function withoutStack(error: unknown, surroundings: Surroundings): Error {
  tellExit(EXIT_CODES[error instanceof ProductError ? error.disposition : "bug"]);
  const failure =
    error instanceof ProductError
      ? new Error(printableLines(messageOf(error)), { cause: error })
      : new Error(tellUnexpected(error, surroundings));
  failure.stack = "";
  return failure;
}

function messageOf({ message, hint }: ProductError): string {
  return hint === "" ? message : `${message}\n  help: ${hint}`;
}

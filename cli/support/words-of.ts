import { ConfigurationError } from "../../providers/domain/errors.ts";
import { pulumiOf } from "./open-stores.ts";
import { PROJECT_FOLDER } from "./project-folder.ts";
import { canAsk } from "./require-consent.ts";
import { splitStack, type WordsTaken } from "./split-stack.ts";
import { isSameStack, stackNames } from "./stack-settings.ts";
import type { StoreOptions } from "./store-locations.ts";

/**
 * The words of a command: its options with the stack that one of its words names, and the other
 * words.
 */
export interface CommandWords<T extends StoreOptions> {
  readonly options: T;
  readonly words: readonly string[];
}

/**
 * Finds the stack among the words of a command, by the name that the command has as an npm
 * script.
 */
export async function wordsOf<T extends StoreOptions>(
  script: string,
  words: readonly string[],
  taken: WordsTaken,
  options: T,
): Promise<CommandWords<T>> {
  const isPlaceSaid = options.ledger !== undefined || options.escrow !== undefined;
  const asked = { stack: options.stack, isPlaceSaid, isScript: process.env.npm_lifecycle_event === script };
  const { stack, rest } = await splitStack(words, taken, asked, isStack);
  if (rest.length > taken.most && taken.isText === undefined) {
    throw new ConfigurationError(
      `${rest.length} words are said where ${taken.most === 0 ? "none is" : `${taken.most} can be`} meant: ${rest.join(" ")}`,
    );
  }
  return { options: stack === undefined ? options : { ...options, stack }, words: rest };
}

async function isStack(name: string): Promise<boolean> {
  const names = await stackNames(await pulumiOf(PROJECT_FOLDER, process.env));
  return names?.some((known) => isSameStack(known, name)) ?? false;
}

/**
 * Where nobody sees which stack was taken, it has to be named: on the command line or in
 * PULUMI_STACK. Throws `ConfigurationError` that says how.
 */
export function requireNamed({ stack, ledger }: StoreOptions, example: string): void {
  if (stack !== undefined || ledger !== undefined || (process.env.PULUMI_STACK ?? "") !== "") return;
  if (canAsk()) return;
  throw new ConfigurationError("no stack is named, and without a terminal none is taken by itself", { hint: `name it: ${example}` });
}

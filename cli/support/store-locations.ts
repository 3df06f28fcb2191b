import type { Command } from "commander";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { PROJECT } from "../../providers/domain/project.ts";
import type { StorePlaces } from "../../providers/pulumi/settings.ts";
import { checkedSettings, type StackSettings } from "./stack-settings.ts";

/** Where stores are, as the options of a command name them. */
export interface StoreOptions {
  readonly stack?: string;
  readonly escrow?: string;
  readonly ledger?: string;
}

/** The name is the command line's option and the configuration key. */
export type Store = keyof StorePlaces;

/** Adds `--stack` and one option per store. */
export function withStores(command: Command, ...stores: readonly Store[]): Command {
  command.option("--stack <NAME>", "the stack, where it is not the word behind the command (default: the selected one)");
  for (const store of stores) command.option(`--${store} <PLACE>`, `the ${store}, in place of the stack's`);
  return command;
}

/**
 * As the program takes it from the same settings. What a stack names outright is taken whatever
 * else is wrong with its settings; a default only where nothing is. Throws `ConfigurationError`.
 */
export function configuredPlace(store: Store, settings: StackSettings): string {
  const said = settings.values[`${PROJECT}:${store}`];
  if (said !== undefined) return said;
  const { keys, why } = settings.unseen;
  if ([store, "graphEndpoint"].some((key) => keys.includes(`${PROJECT}:${key}`))) {
    const hint = `--${store} PLACE names it`;
    throw new ConfigurationError(`the ${store} of the stack ${settings.stack} is a secret that cannot be opened here${why}`, { hint });
  }
  try {
    return checkedSettings(settings)[store];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const hint = `${error.hint === "" ? "" : `${error.hint}; `}--${store} PLACE names the ${store} all the same`;
    throw new ConfigurationError(`nobody can tell which ${store} the stack ${settings.stack} means: ${error.message}`, { hint });
  }
}

import type { Command } from "commander";
import { defaultPlaces, type StorePlaces } from "../../providers/pulumi/settings.ts";
import { readStackConfig, type StackConfig } from "./stack-config.ts";

/** Where stores are, as the options of a command name them. */
export interface StoreOptions {
  readonly stack?: string;
  readonly escrow?: string;
  readonly ledger?: string;
}

/** The name is the command line's option and the configuration key. */
export type Store = keyof StorePlaces;

const DEFAULTS = defaultPlaces(undefined);

/** Adds `--stack` and one option per store. */
export function withStores(command: Command, ...stores: readonly Store[]): Command {
  command.option("--stack <NAME>", "take places from this stack's configuration");
  for (const store of stores) command.option(`--${store} <PLACE>`, `the ${store} (default: the stack's, else ${DEFAULTS[store]})`);
  return command;
}

/** The options that made a command work on these stores, for the next command. */
export function storeFlags({ escrow, ledger, stack }: StoreOptions): string {
  const flags = Object.entries({ escrow, ledger, stack }).filter(([, value]) => value !== undefined);
  return flags.map(([name, value = ""]) => ` --${name} ${/\s/.test(value) ? JSON.stringify(value) : value}`).join("");
}

/**
 * The place of a store: what the command says, else what the stack says, else what the program
 * would take.
 */
export async function locationOf(store: Store, options: StoreOptions, root: string): Promise<string> {
  const said = options[store];
  if (said !== undefined) return said;
  return configuredPlace(store, await readStackConfig(root, options.stack));
}

/** As the program takes it from the same configuration. */
export function configuredPlace(store: Store, config: StackConfig): string {
  return config.get(store) ?? defaultPlaces(config.get("graphEndpoint"))[store];
}

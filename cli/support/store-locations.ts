import type { Command } from "commander";
import { readStackConfig } from "./stack-config.ts";

/** Where stores are, as the options of a command name them. */
export interface StoreOptions {
  readonly stack?: string;
  readonly escrow?: string;
  readonly ledger?: string;
}

/** Where stores are when nobody says so. */
export const DEFAULT_PLACES = { escrow: "file:escrow", ledger: "file:ledger" } as const;

export type Store = keyof typeof DEFAULT_PLACES;

/** Adds `--stack` and one option per store. */
export function withStores(command: Command, ...stores: readonly Store[]): Command {
  command.option("--stack <NAME>", "take places from this stack's configuration");
  for (const store of stores) command.option(`--${store} <PLACE>`, `the ${store} (default: the stack's, else ${DEFAULT_PLACES[store]})`);
  return command;
}

/** The options that made a command work on these stores, for the next command. */
export function storeFlags({ escrow, ledger, stack }: StoreOptions): string {
  const flags = Object.entries({ escrow, ledger, stack }).filter(([, value]) => value !== undefined);
  return flags.map(([name, value = ""]) => ` --${name} ${/\s/.test(value) ? JSON.stringify(value) : value}`).join("");
}

/** The place of a store: what the command says, else what the stack says, else what the program would take. */
export async function locationOf(store: Store, options: StoreOptions, root: string): Promise<string> {
  const said = options[store];
  if (said !== undefined) return said;
  return (await readStackConfig(root, options.stack)).get(store) ?? DEFAULT_PLACES[store];
}

import { readdir } from "node:fs/promises";
import type { Command } from "commander";
import { COMMANDS } from "../commands.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";

/**
 * The words that may stand in place of the last one: commands, their own commands and options,
 * and stacks that have a file here. Asks no service.
 */
export async function completions(words: readonly string[]): Promise<readonly string[]> {
  const [name = "", ...typed] = words;
  const last = words.at(-1) ?? "";
  const starting = (all: readonly string[]) => all.filter((word) => word.startsWith(last));
  if (words.length < 2) return starting([...COMMANDS.filter(({ group }) => group !== null).map((command) => command.name), "help"]);
  const entry = COMMANDS.find((command) => command.name === name);
  if (entry === undefined) return [];
  const command = innermost(await entry.load([]), typed.slice(0, -1));
  if (last.startsWith("-")) return starting(command.options.flatMap(({ long }) => (long ? [long] : [])));
  const below = command.commands.map((one) => one.name());
  return starting(below.length > 0 ? below : await stackFiles());
}

function innermost(command: Command, typed: readonly string[]): Command {
  const [first, ...rest] = typed;
  const below = command.commands.find((one) => one.name() === first);
  return below === undefined ? command : innermost(below, rest);
}

async function stackFiles(): Promise<readonly string[]> {
  const files = await readdir(PROJECT_FOLDER);
  return files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
}

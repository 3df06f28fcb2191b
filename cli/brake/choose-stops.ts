import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { describeStop, type Stop } from "../../providers/ledger/brake-stops.ts";
import type { CommandWriter } from "../support/command-writer.ts";

/**
 * The stop that is meant: by its id or by the exact text of its reason; without a word the only
 * one. Throws `ConfigurationError` that lists what can be typed.
 */
export function chooseStop(stops: readonly Stop[], words: string, command: CommandWriter): Stop {
  const named = stops.filter((stop) => words === "" || stop.id === words);
  const [chosen, ...others] = named.length > 0 ? named : stops.filter(({ reason }) => reason.trim() === words);
  if (chosen !== undefined && others.length === 0) return chosen;
  const problem = chosen === undefined ? `no stop is named ${JSON.stringify(words)}` : `${others.length + 1} stops are meant by that`;
  throw new ConfigurationError(`${problem}; nothing was changed. What is set:\n${listStops(stops, command)}`, {
    hint: `${command("resume", "--all")} takes all of them away; what was sorted out is said with --why TEXT`,
  });
}

/** One line per stop, with the command that takes it away. */
export function listStops(stops: readonly Stop[], command: CommandWriter): string {
  return stops.map((stop) => `  ${command("resume", stop.id)}   ${printable(describeStop(stop))}`).join("\n");
}

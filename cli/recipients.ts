import type { Command } from "commander";
import { recipientCommands } from "./recipients/recipient-commands.ts";
import { commandGroup } from "./support/command-group.ts";

/** The command `recipients` with those below it. */
export function recipientsCommand(): Command {
  return recipientCommands(commandGroup("dlr recipients"));
}

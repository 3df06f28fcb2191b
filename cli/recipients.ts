import type { Command } from "commander";
import { recipientCommands } from "./recipients/recipient-commands.ts";
import { commandGroup } from "./support/command-group.ts";

export function recipientsCommand(): Command {
  return recipientCommands(commandGroup("dlr recipients"));
}

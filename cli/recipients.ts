import type { Command } from "commander";
import { recipientCommands } from "./recipients/recipient-commands.ts";
import { commandGroup } from "./support/command-group.ts";

/** A group of commands about the readers of a folder's escrow; a Key Vault has its own rights. */
export function recipientsCommand(): Command {
  return recipientCommands(commandGroup("dlr recipients"));
}

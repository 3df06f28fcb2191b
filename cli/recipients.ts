import { recipientCommands } from "./recipients/recipient-commands.ts";
import { commandGroup } from "./support/command-group.ts";
import { runCommand } from "./support/run-command.ts";

await runCommand(recipientCommands(commandGroup("npm run recipients --")));

import type { Command } from "commander";
import { stackCommand } from "./pulumi/stack-command.ts";
import { PROJECT_FOLDER } from "./support/project-folder.ts";

/** The command `preview`; what is not its own goes to Pulumi unchanged. */
export function previewCommand(args: readonly string[]): Command {
  return stackCommand("preview", "Shows what the requests would do. Sends nothing but reads.", args, {
    env: process.env,
    root: PROJECT_FOLDER,
    say: (line) => console.error(line),
  });
}

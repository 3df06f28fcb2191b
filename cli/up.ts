import type { Command } from "commander";
import { stackCommand } from "./pulumi/stack-command.ts";
import { PROJECT_FOLDER } from "./support/project-folder.ts";

/** The command `up`; what is not its own goes to Pulumi unchanged. */
export function upCommand(args: readonly string[]): Command {
  return stackCommand("up", "Performs the requests: shows the preview, asks (--yes does not), and does what is left to do.", args, {
    env: process.env,
    root: PROJECT_FOLDER,
    say: (line) => console.error(line),
  });
}

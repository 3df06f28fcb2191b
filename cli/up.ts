import type { Command } from "commander";
import { stackCommand } from "./pulumi/stack-command.ts";
import { PROJECT_FOLDER } from "./support/project-folder.ts";

/** `args` are Pulumi's but for our own options, so the parser takes none of them. */
export function upCommand(args: readonly string[]): Command {
  return stackCommand("up", "Performs the requests: shows the preview, asks (--yes does not), and does what is left to do.", args, {
    env: process.env,
    root: PROJECT_FOLDER,
    say: (line) => console.error(line),
  });
}

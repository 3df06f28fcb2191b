import { stackCommand } from "./pulumi/stack-command.ts";
import { PROJECT_FOLDER } from "./support/project-folder.ts";
import { runCommand } from "./support/run-command.ts";

await runCommand(
  stackCommand("up", "Performs the requests: shows the preview, asks (--yes does not), and does what is left to do.", {
    env: process.env,
    root: PROJECT_FOLDER,
    say: (line) => console.error(line),
  }),
);

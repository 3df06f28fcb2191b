import { stackCommand } from "./pulumi/stack-command.ts";
import { PROJECT_FOLDER } from "./support/project-folder.ts";
import { runCommand } from "./support/run-command.ts";

await runCommand(
  stackCommand("preview", "Shows what the requests would do. Sends nothing but reads.", {
    env: process.env,
    root: PROJECT_FOLDER,
    say: (line) => console.error(line),
  }),
);

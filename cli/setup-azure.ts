import { setupAzureCommand } from "./setup-azure/command.ts";
import { PROJECT_FOLDER } from "./support/project-folder.ts";
import { runCommand } from "./support/run-command.ts";

await runCommand(setupAzureCommand({ env: process.env, root: PROJECT_FOLDER, say: (line) => console.error(line) }));

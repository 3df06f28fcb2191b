import type { Command } from "commander";
import { setupAzureCommand } from "./setup-azure/setup-azure-command.ts";
import { PROJECT_FOLDER } from "./support/project-folder.ts";

/** The command `setup-azure`. */
export function setupAzure(): Command {
  return setupAzureCommand({ env: process.env, root: PROJECT_FOLDER, say: (line) => console.error(line) });
}

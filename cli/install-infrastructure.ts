import { Command } from "commander";
import { ensureInfrastructurePackages } from "./support/infrastructure-packages.ts";
import { PROJECT_FOLDER } from "./support/project-folder.ts";

/** Installs the packages of infrastructure/, which nothing else needs. */
export function installInfrastructureCommand(): Command {
  return new Command("dlr install-infrastructure")
    .description("Installs the packages of infrastructure/ as its lock file says; does nothing where they are installed already.")
    .action(() => ensureInfrastructurePackages({ root: PROJECT_FOLDER, env: process.env, say: (line) => console.error(line) }));
}

import { ensureInfrastructurePackages } from "../../cli/support/infrastructure-packages.ts";
import { PROJECT_FOLDER } from "../../cli/support/project-folder.ts";

/** Jest's globalSetup of these tests: azure-native is not among the packages of the product. */
export default function installPackages(): Promise<void> {
  return ensureInfrastructurePackages({ root: PROJECT_FOLDER, env: process.env, say: (line) => console.error(line) });
}

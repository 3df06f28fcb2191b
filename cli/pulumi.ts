import { Command } from "commander";
import { runPulumi } from "./pulumi/run-pulumi.ts";
import { PROJECT_FOLDER } from "./support/project-folder.ts";
import { runCommand } from "./support/run-command.ts";

/** Every argument is Pulumi's own, `--help` included; only this one, alone, is ours. */
const OUR_HELP = "--installer-help";

const command = new Command("npm run pulumi --")
  .description("Finds or installs the Pulumi CLI and hands it all arguments unchanged, in the project's folder, with its exit code.")
  .usage(`ARGS…   (${OUR_HELP} alone prints this; --help is Pulumi's own)`)
  .helpOption(false)
  .allowUnknownOption()
  .allowExcessArguments()
  .addHelpText(
    "after",
    `
The CLI is taken from PATH (3.200.0 or newer), our cache, the official download, or a compile from Go modules, in this order.
Where no backend is chosen, state is kept in .pulumi-state/ of the project. Everything else: docs/set-up.md

Examples:
  npm run pulumi -- stack select --create dev
  npm run pulumi -- up --yes --stack dev -c graphEndpoint=http://127.0.0.1:8787`,
  )
  .action(async () => {
    const args = process.argv.slice(2);
    if (args.length === 1 && args[0] === OUR_HELP) return command.outputHelp();
    process.exitCode = await runPulumi(args, { env: process.env, root: PROJECT_FOLDER, say: (line) => console.error(line) });
  });

await runCommand(command);

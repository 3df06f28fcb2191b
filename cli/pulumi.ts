import { Command } from "commander";
import { runPulumi } from "./pulumi/run-pulumi.ts";
import { PROJECT_FOLDER } from "./support/project-folder.ts";

/** Every argument is Pulumi's own, `--help` included; only this one, alone, is ours. */
const OUR_HELP = "--installer-help";

/** The command `pulumi`; the arguments go to Pulumi unchanged. */
export function pulumiCommand(args: readonly string[]): Command {
  const command = new Command("dlr pulumi")
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
  dlr pulumi stack select --create dev
  dlr pulumi up --yes --stack dev -c graphEndpoint=http://127.0.0.1:8787`,
    )
    .action(async () => {
      if (args.length === 1 && args[0] === OUR_HELP) return command.outputHelp();
      process.exitCode = await runPulumi(args, { env: process.env, root: PROJECT_FOLDER, say: (line) => console.error(line) });
    });
  return command;
}

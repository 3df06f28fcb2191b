import { Command, Option } from "commander";
import { CLOUD_NAMES } from "../providers/domain/cloud-name.ts";
import type { InitFlags } from "./init/init.ts";
import { PROJECT_FOLDER } from "./support/project-folder.ts";

/** The command `init`; again at any time, it makes what is missing. */
export function initCommand(): Command {
  return new Command("dlr init")
    .description(
      "Makes a stack for real devices: its settings, its ledger, its readers. Asks for what it is not told, then looks at everything.",
    )
    .argument("<STACK>", "name of the stack, such as prod")
    .option("--escrow <PLACE>", "where codes go: https://NAME.vault.azure.net or file:FOLDER")
    .option("--ledger <PLACE>", "where it is recorded what was sent: https://ACCOUNT.blob.core.windows.net/CONTAINER or file:FOLDER")
    .option("--tenant <ID>", "the tenant that runs are held to, a GUID")
    .addOption(new Option("--cloud <CLOUD>", "the Microsoft cloud (default: global)").choices(CLOUD_NAMES))
    .option("--graph-endpoint <URL>", "another Graph, such as that of dlr emulator")
    .option("--reader <KEY...>", "public keys (age1…) of people who may read what a folder escrows")
    .option("--keygen", "make a key for yourself on this machine, let it read, and prove it")
    .option("--overwrite", "change settings that the stack has already")
    .addHelpText(
      "after",
      `
Run it again at any time: it leaves alone what is there. Without a terminal it asks nothing: --escrow and --ledger are needed then. A ledger that the
stack has named before, or that its state needs, is never made anew. Everything in Azure itself is made by dlr setup-azure.
At the end it looks at everything, as dlr doctor does, and ends with its exit code: 0 all ok, 2 something is missing, 3 something is unknown.

Examples:
  dlr init prod
  dlr init prod --escrow https://contoso-devices.vault.azure.net --ledger https://contosodevices.blob.core.windows.net/ledger`,
    )
    .action(async (stack: string, flags: InitFlags) => {
      const { init } = await import("./init/init.ts");
      const options = { env: process.env, root: PROJECT_FOLDER, say: (line: string) => console.error(line) };
      process.exitCode = await init(stack, flags, options);
    });
}

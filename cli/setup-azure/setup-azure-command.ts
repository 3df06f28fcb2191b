import { Command, Option } from "commander";
import { CLOUD_NAMES } from "../../providers/domain/cloud-name.ts";
import type { SetUpOptions } from "../pulumi/options.ts";
import { setupAzure } from "./setup-azure.ts";

/** `dlr setup-azure`, for the project in `root`. */
export function setupAzureCommand(options: Omit<SetUpOptions, "signal">): Command {
  return new Command("dlr setup-azure")
    .description(
      "Makes what real devices need in Azure: a Key Vault for escrow, storage for ledger and state, two identities, and the ledger itself. Run it again at any time: it makes what is missing and changes what the configuration changed.",
    )
    .option("--stack <NAME>", "name of the stack, of the requests and of the Azure parts", "prod")
    .option("--location <REGION>", "region in Azure's short form, such as westeurope")
    .option("--tenant <ID>", "tenant (default: that of the sign-in)")
    .option("--subscription <ID>", "subscription (default: that of the sign-in)")
    .option("--readers-group <ID>", "object id of the Entra group whose members may read escrowed secrets")
    .option("--operators-group <ID>", "object id of the Entra group whose members make the ledger, settle, stop and resume")
    .option("--name <BASE>", "what all names are made of (default: devices)")
    .option("--allow-ip <ADDRESS...>", "public addresses and ranges that reach vault and storage, this machine's among them")
    .option("--github <OWNER/REPOSITORY>", "the repository whose environments are the two identities: make them first (docs/workflows.md)")
    .option("--github-environment <NAME...>", "its protected environments whose jobs run `up` (default: production)")
    .addOption(new Option("--cloud <CLOUD>", "the Microsoft cloud (default: global)").choices(CLOUD_NAMES))
    .option("--dry-run", "only say what would be made and changed")
    .option("--overwrite", "the requests' stack may name another escrow or ledger so far: change it")
    .option("--yes", "do not ask")
    .addHelpText(
      "after",
      `
The options are written to infrastructure/Pulumi.NAME.yaml, where every other setting is (docs/azure.md); later runs need none of them.
Exit codes: 0 done, 2 wrong use or settings, 3 Azure refused or could not be reached.

Example:
  az login --tenant contoso.onmicrosoft.com
  dlr setup-azure --location westeurope --readers-group ID --operators-group ID --allow-ip 203.0.113.7 --github contoso/devices`,
    )
    .action((flags) => setupAzure(flags, options));
}

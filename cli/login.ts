import { Command, Option } from "commander";
import { CLOUD_NAMES } from "../providers/support/cloud.ts";
import { login } from "./login/login.ts";

/** The command `login` with those below it. */
export function loginCommand(): Command {
  return new Command("dlr login")
    .description(
      "Signs a person in to Microsoft Graph with a code, for steps that a tenant keeps for people. Later runs on this machine use it.",
    )
    .option("--tenant <TENANT>", "id or domain of the tenant (default: $AZURE_TENANT_ID)")
    .option("--client-id <ID>", "the application to sign in through; it allows public client flows (default: $AZURE_CLIENT_ID)")
    .addOption(new Option("--cloud <CLOUD>", "the Microsoft cloud (default: global)").choices(CLOUD_NAMES))
    .addOption(new Option("--status", "who is signed in, and whether it still works; exit code 3 when not").conflicts("logout"))
    .option("--logout", "forget the sign-in on this machine")
    .addHelpText(
      "after",
      `
The sign-in is kept encrypted, for one tenant and one application, and renewed by each run that uses it until it lapses; what that protects
from, and what not, is in docs/identities.md. Refuses in CI: there, give a token as GRAPH_DELEGATED_ACCESS_TOKEN.

Example:
  dlr login --tenant contoso.onmicrosoft.com --client-id 00000000-0000-0000-0000-000000000000`,
    )
    .action(login);
}

import { Command, Option } from "commander";
import { settle } from "./settle/settle.ts";
import { runCommand } from "./support/run-command.ts";
import { withStores } from "./support/store-locations.ts";

await runCommand(
  withStores(new Command("npm run settle --"), "ledger")
    .description(
      "Settles a step that only a person can tell about: whether Graph took what was sent, or how it ended where no device ever said. Shows the evidence first.",
    )
    .argument("<NAME>", "name of the request, as in YAML (NAME/SERIAL for one of many devices)")
    .addOption(
      new Option(
        "--taken",
        "Graph took it: it is never sent again, the next run follows it; of a step that Graph surely took: it is done",
      ).conflicts("notTaken"),
    )
    .addOption(
      new Option("--not-taken", "Graph did not take it: the next run sends it again; of a step that Graph surely took: it was never done"),
    )
    .option("--generation <N>", "generation of the request (default: the newest in the ledger)")
    .option("--why <TEXT>", "what you saw, and where; goes on record with your name")
    .option("--yes", "do not ask for confirmation")
    .addHelpText(
      "after",
      `
Where to look: the device's page in the Intune admin center (device action status), Intune's audit log (by client-request-id), and the
device itself. Without --taken or --not-taken the evidence is shown and nothing is recorded.

Example:
  npm run settle -- leeds-leaver-0042 --not-taken --why "device in hand, still set up; no wipe in the audit log"`,
    )
    .action(settle),
);

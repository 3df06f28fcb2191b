import { Command, Option } from "commander";
import { settle } from "./settle/settle.ts";
import { withStores } from "./support/store-locations.ts";

/** The command `settle`: shows the evidence, and decides only when told to. */
export function settleCommand(): Command {
  return withStores(new Command("dlr settle"), "ledger")
    .description(
      "Settles a step that only a person can tell about: whether Graph took what was sent, or how it ended where no device ever said. Without a decision it shows the evidence.",
    )
    .argument("<words...>", "[STACK] and the name of the request or list, as in YAML (NAME/SERIAL for one device of a list)")
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
    .option("--why <TEXT>", "what you saw, and where; goes on record with your name; every decision needs it")
    .option("--yes", "do not ask for confirmation")
    .addHelpText(
      "after",
      `
Where to look: the device's page in the Intune admin center (device action status), Intune's audit log (by client-request-id), and the
device itself. Without --taken or --not-taken the evidence is shown, nothing is recorded, and the exit code is 0. Of a list all devices
that are in doubt are settled with one decision, after each was named; exit code 2: nothing is in doubt, or nothing was recorded.

Examples:
  dlr settle prod leeds-leaver-0042
  dlr settle prod leeds-leaver-0042 --not-taken --why "device in hand, still set up; no wipe in the audit log"`,
    )
    .action(settle);
}

import { Command } from "commander";
import { stop } from "./brake/stop.ts";
import { withStores } from "./support/store-locations.ts";

/** The command `stop`: adds a stop to the brake. */
export function stopCommand(): Command {
  return withStores(new Command("dlr stop"), "ledger")
    .description("Adds a stop to the brake: nothing more is sent to any device, by runs under way and by later ones, while there is one.")
    .argument("<words...>", "[STACK] and why, for whoever meets the brake")
    .option("--all", "every ledger of the project's stacks")
    .addHelpText(
      "after",
      "\nWhat was sent before is not recalled. The brake is read before each send; it works while a run holds the ledger.\nEach stop is taken away by itself: `dlr resume` says how.",
    )
    .action(stop);
}

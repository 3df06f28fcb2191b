import { Command } from "commander";
import { stop } from "./brake/stop.ts";
import { runCommand } from "./support/run-command.ts";
import { withStores } from "./support/store-locations.ts";

await runCommand(
  withStores(new Command("npm run stop --"), "ledger")
    .description("Adds a stop to the brake: nothing more is sent to any device, by runs under way and by later ones, while there is one.")
    .argument("<REASON...>", "why, for whoever meets the brake")
    .addHelpText(
      "after",
      "\nWhat was sent before is not recalled. The brake is read before each send; it works while a run holds the ledger.\nEach stop is taken away by itself: `npm run resume` says how.",
    )
    .action(stop),
);

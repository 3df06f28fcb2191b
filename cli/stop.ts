import { Command } from "commander";
import { runCommand } from "./support/run-command.ts";
import { setBrake } from "./support/set-brake.ts";
import { withStores } from "./support/store-locations.ts";

await runCommand(
  withStores(new Command("npm run stop --"), "ledger")
    .description("Sets the brake: nothing more is sent to any device, by runs under way and by later ones, until `npm run resume`.")
    .argument("<REASON...>", "why, for whoever meets the brake")
    .addHelpText(
      "after",
      "\nWhat was sent before is not recalled. The brake is read before each send; it works while a run holds the ledger.",
    )
    .action((words: readonly string[], options) => setBrake("stop", words.join(" "), options)),
);

import { Command } from "commander";
import { runCommand } from "./support/run-command.ts";
import { setBrake } from "./support/set-brake.ts";
import { withStores } from "./support/store-locations.ts";

await runCommand(
  withStores(new Command("npm run resume --"), "ledger")
    .description("Clears the brake that `npm run stop` set: the next run sends again.")
    .argument("[REASON...]", "what was sorted out, for the record")
    .action((words: readonly string[], options) => setBrake("resume", words.join(" "), options)),
);

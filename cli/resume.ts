import { Command } from "commander";
import { resume } from "./brake/resume.ts";
import { withStores } from "./support/store-locations.ts";

/** The command `resume`: takes away one stop of the brake. */
export function resumeCommand(): Command {
  return withStores(new Command("dlr resume"), "ledger")
    .description("Takes one stop of `dlr stop` away. The next run sends again once none is left.")
    .argument("[words...]", "[STACK] and the id of the stop, or its reason; not needed where there is one")
    .option("--why <TEXT>", "what was sorted out, for the record")
    .option("--all", "take away every stop that is set, after a question")
    .option("--yes", "do not ask")
    .addHelpText("after", "\nWith several stops set and none named, nothing is changed and each is listed with its command.")
    .action(resume);
}

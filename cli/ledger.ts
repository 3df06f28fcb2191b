import type { Command } from "commander";
import { init, verify } from "./ledger/actions.ts";
import { show } from "./ledger/show.ts";
import { commandGroup } from "./support/command-group.ts";
import { withStores } from "./support/store-locations.ts";

/** The command `ledger` with those below it. */
export function ledgerCommand(): Command {
  const command = commandGroup("dlr ledger").description(
    "The record of what was sent to devices. Without it nobody knows what was done, so nothing is sent without it.",
  );
  withStores(command.command("init"), "ledger")
    .description("make an empty ledger, once; an existing one is never replaced")
    .argument("[words...]", "[STACK]")
    .action(init);
  withStores(command.command("show"), "ledger")
    .description("what was done for each request, why and by which run, in words; lists are folded to how their devices stand")
    .argument("[words...]", "[STACK] and the name of a request or list, to see it alone")
    .option("--all", "every record of every device of a list too")
    .option("--json", "every record as JSON instead")
    .action(show);
  withStores(command.command("verify"), "ledger")
    .description("read every line and check it; changes nothing")
    .argument("[words...]", "[STACK]")
    .action(verify);
  return command;
}

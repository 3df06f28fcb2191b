import { Command } from "commander";
import { status } from "./status/status.ts";
import { withStores } from "./support/store-locations.ts";

/** The command `status`: reads ledger and state, and asks Graph nothing. */
export function statusCommand(): Command {
  return withStores(new Command("dlr status"), "ledger")
    .description(
      "How every request stands, one line each, lists folded. Read from the ledger, and the drift that refresh found from the stack's state; nothing is asked of Graph.",
    )
    .argument("[words...]", "[STACK] and the name of a request or list, to see it alone")
    .option("--failed", "what ended failed, expired or in doubt")
    .option("--waiting", "what waits: for its device, an approval, a sign-in, or the next run")
    .option("--drifted", "what is done, and whose device is not as it was left: what the last refresh found")
    .option("--since <TIME>", "what came to stand so since then: a day, or how long ago (7d, 12h)")
    .option("--device <DEVICE>", "of this device: serial number, id or name")
    .option("--ticket <TICKET>", "of this ticket")
    .option("--json", "as JSON, one entry a request")
    .addHelpText("after", "\nExamples:\n  dlr status prod\n  dlr status prod --failed --since 7d\n  dlr status prod summer-return")
    .action(status);
}
